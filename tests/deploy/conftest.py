"""Two processes behind a real nginx, over TLS."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from chatbot.models import Bot
from tests.calls.phone.servers import phone_servers
from tests.deploy.nginx import Proxy, nginx


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """The starter bot, committed: the servers' processes see it."""
    call_command("create_starter_bot", verbosity=0)
    return Bot.objects.get()


@pytest.fixture(scope="session")
def proxy(
    django_db_setup: None, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """The site of `deploy/` before two processes that meet through Redis."""
    missing = [name for name in ("nginx", "openssl") if shutil.which(name) is None]
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs {' and '.join(missing)} (Debian's packages).")
        pytest.skip(f"There is no {' and no '.join(missing)} here (Debian's packages).")
    with (
        nginx(tmp_path_factory.mktemp("nginx")) as proxy,
        phone_servers(tmp_path_factory.mktemp("proxied-servers")) as start_server,
    ):
        env = {
            "PUBLIC_URL": proxy.url,
            "RECOGNIZER": "offline",
            "REDIS_URL": redis_url,
            "SSL_CERT_FILE": str(proxy.certificate),  # a phone's call comes by way of the proxy
            "TWILIO_API_URL": proxy.api_url,
        }
        proxy.start(start_server(**env), start_server(**env))
        yield proxy
