"""What `make run` does on a fresh machine."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import TestCase

from voiceproject import dotenv


class CreateAdminTests(TestCase):
    """The first account."""

    def run_command(self) -> str:
        out = StringIO()
        call_command("create_admin", stdout=out)
        return out.getvalue()

    def test_password_that_is_printed_lets_in(self) -> None:
        """It is shown once, and works."""
        password = self.run_command().splitlines()[0].rpartition(" / ")[2]
        assert self.client.login(username="admin", password=password)

    def test_nothing_is_done_where_a_superuser_exists(self) -> None:
        """A second start leaves the accounts alone, and prints no password."""
        get_user_model().objects.create_superuser("owner", password="secret")
        assert self.run_command() == ""
        assert get_user_model().objects.count() == 1


def test_dotenv_is_written_once(tmp_path: Path) -> None:
    """What the user has set stays."""
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine\n")
    assert not dotenv.write(path)
    assert path.read_text() == "SECRET_KEY=mine\n"


def test_dotenv_has_secrets_of_its_own(tmp_path: Path) -> None:
    """Two machines share no secret, and nobody else reads them."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert dotenv.write(first)
    assert dotenv.write(second)
    shared = set(first.read_text().splitlines()) & set(second.read_text().splitlines())
    secret = ("SECRET_KEY=", "TWILIO_ACCOUNT_SID=", "TWILIO_AUTH_TOKEN=")
    assert not [line for line in shared if line.startswith(secret)]
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_dotenv_sets_what_the_product_needs(tmp_path: Path, name: str) -> None:
    """No variable that the product cannot do without is missing or empty."""
    dotenv.write(tmp_path / ".env")
    lines = dict(
        line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines() if "=" in line
    )
    assert len(lines[name]) >= 32
