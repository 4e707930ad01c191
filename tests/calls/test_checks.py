"""What an operator is told who left something out."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.test import SimpleTestCase, override_settings

from calls.checks import (
    bots_can_speak,
    engines_can_be_found,
    google_lets_us_in,
    settings_are_complete,
)
from calls.voice import engines

COMPLETE = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "PUBLIC_URL": "https://bot.example.com",
    "TWILIO_API_URL": "https://api.twilio.com",
    "RECOGNIZER": "google",
    "GOOGLE_SPEECH_ENDPOINT": "",
    "GOOGLE_CLOUD_PROJECT": "bot",
}


class SettingsCheckTests(SimpleTestCase):
    """`manage.py check`."""

    def found(self, **changes: str) -> list[str | None]:
        with override_settings(**{**COMPLETE, **changes}):
            return [message.id for message in settings_are_complete(None)]

    def test_complete_settings_are_left_in_peace(self) -> None:
        """Nothing is said where nothing is wrong."""
        assert self.found() == []

    def test_missing_twilio_account_is_said(self) -> None:
        """Without it every webhook is refused."""
        assert self.found(TWILIO_AUTH_TOKEN="") == ["calls.W001"]

    def test_public_url_that_twilio_cannot_stream_to_is_said(self) -> None:
        """Twilio opens wss sockets only."""
        assert self.found(PUBLIC_URL="http://bot.example.com") == ["calls.W002"]

    def test_simulator_needs_no_https(self) -> None:
        """On the newcomer's machine all is well."""
        assert (
            self.found(PUBLIC_URL="http://127.0.0.1:8000", TWILIO_API_URL="http://127.0.0.1:8010")
            == []
        )

    def test_pool_that_live_calls_use_up_is_an_error(self) -> None:
        """Nothing would be left for the webhooks."""
        options = {"OPTIONS": {"pool": {"max_size": 8}}}
        with (
            patch.dict(settings.DATABASES["default"], options),
            override_settings(CALL_DATABASE_THREADS=4),
        ):
            assert self.found() == ["calls.E002"]

    def test_google_without_a_project_is_an_error(self) -> None:
        """Nobody could be heard."""
        assert self.found(GOOGLE_CLOUD_PROJECT="") == ["calls.E001"]

    def test_plaintext_endpoint_needs_no_project(self) -> None:
        """It is not Google's."""
        changes = {"GOOGLE_CLOUD_PROJECT": "", "GOOGLE_SPEECH_ENDPOINT": "http://127.0.0.1:9"}
        assert self.found(**changes) == []


class GoogleCredentialsCheckTests(SimpleTestCase):
    """`GOOGLE_APPLICATION_CREDENTIALS`, before a caller finds out."""

    def found(self, path: str, **changes: str) -> list[str]:
        env = {"GOOGLE_APPLICATION_CREDENTIALS": path}
        values = {**COMPLETE, "SYNTHESIZER": "none", "GOOGLE_TTS_ENDPOINT": "", **changes}
        with override_settings(**values), patch.dict(os.environ, env):
            return [f"{message.id} {message.msg}" for message in google_lets_us_in(None)]

    def key_file(self, **changes: str) -> str:
        """Write what Google gives for a service account; return its path."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        content = {
            "type": "service_account",
            "client_email": "bot@bot.iam.gserviceaccount.com",
            "token_uri": "https://oauth2.googleapis.com/token",
            "private_key": key.decode(),
            **changes,
        }
        path = Path(self.enterContext(TemporaryDirectory())) / "key.json"
        path.write_text(json.dumps(content))
        return str(path)

    def test_key_file_is_left_in_peace(self) -> None:
        """Nobody is asked whether it is still good."""
        assert self.found(self.key_file()) == []

    def test_file_that_is_not_there_is_an_error(self) -> None:
        """The commonest fault of a first installation."""
        [message] = self.found("/nowhere/key.json")
        assert message.startswith("calls.E004")
        assert "/nowhere/key.json" in message

    def test_file_that_holds_something_else_is_an_error(self) -> None:
        """Such as the key of a browser's login."""
        [message] = self.found(self.key_file(type="web"))
        assert message.startswith("calls.E004")

    def test_key_that_is_broken_off_is_an_error(self) -> None:
        """As it comes of copying by hand."""
        [message] = self.found(self.key_file(private_key="-----BEGIN PRIVATE KEY-----"))
        assert message.startswith("calls.E004")

    def test_synthesizer_needs_it_as_well(self) -> None:
        """Whoever hears the callers."""
        changes = {"RECOGNIZER": "offline", "SYNTHESIZER": "google"}
        [message] = self.found("/nowhere/key.json", **changes)
        assert message.startswith("calls.E004")

    def test_file_that_nobody_reads_is_left_in_peace(self) -> None:
        """No engine of Google's is used."""
        assert self.found("/nowhere/key.json", RECOGNIZER="offline") == []

    def test_server_of_somebodys_own_needs_none(self) -> None:
        """It is spoken to without credentials."""
        endpoint = "http://127.0.0.1:9"
        assert self.found("/nowhere/key.json", GOOGLE_SPEECH_ENDPOINT=endpoint) == []


class SynthesizerCheckTests(SimpleTestCase):
    """The same, of the voice engine."""

    def found(self, **changes: object) -> list[str | None]:
        with (
            override_settings(**{"DEBUG": False, "SYNTHESIZER": "offline", **changes}),
            patch.object(engines, "installed", return_value=()),
        ):
            return [message.id for message in bots_can_speak(None)]

    def test_offline_engine_without_a_voice_is_said(self) -> None:
        """The operator learns who speaks instead."""
        assert self.found() == ["calls.W003"]

    def test_operator_who_wants_none_is_left_in_peace(self) -> None:
        """He has said so."""
        assert self.found(SYNTHESIZER="none") == []

    def test_newcomer_needs_none(self) -> None:
        """The starter bot speaks by Twilio's voices."""
        assert self.found(DEBUG=True) == []


class EngineCheckTests(SimpleTestCase):
    """Engines of somebody's own."""

    def test_engines_of_the_product_are_there(self) -> None:
        """They are known by their names."""
        with override_settings(RECOGNIZER="google", SYNTHESIZER="none"):
            assert engines_can_be_found(None) == []

    def test_engine_that_is_where_the_settings_say(self) -> None:
        """It is imported, and not made."""
        path = "calls.voice.offline.synthesizer.OfflineSynthesizer"
        with override_settings(SYNTHESIZER=path):
            assert engines_can_be_found(None) == []

    def test_engine_that_is_not_there_is_an_error(self) -> None:
        """Before the first caller finds out."""
        with override_settings(RECOGNIZER="acme.Ear", SYNTHESIZER="calls.voice.Mouth"):
            found = engines_can_be_found(None)
        assert [message.id for message in found] == ["calls.E003", "calls.E003"]
        assert "RECOGNIZER is “acme.Ear”" in found[0].msg
