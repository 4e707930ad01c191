"""The webhooks over HTTP."""

import xml.etree.ElementTree as ET
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpResponse
from django.test import TestCase
from twilio.request_validator import RequestValidator

from calls import endings
from calls.models import Call, Stream
from chatbot.models import Bot

FORM = "application/x-www-form-urlencoded"
SID = "CA" + "1" * 32
PARAMS = {
    "CallSid": SID,
    "AccountSid": "AC" + "0" * 32,
    "From": "+31201234567",
    "To": "+31207654321",
    "CallStatus": "ringing",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
    "CallerCity": "",
}


class WebhookCase(TestCase):
    """Posts to webhooks as Twilio does, signed."""

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("create_starter_bot", verbosity=0)

    def post(self, path: str, **params: str) -> Any:
        form = {**PARAMS, **params}
        url = f"{settings.PUBLIC_URL}{path}"
        signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(url, form)
        return self.client.post(
            path, urlencode(form), content_type=FORM, headers={"X-Twilio-Signature": signature}
        )

    def verbs(self, answer: HttpResponse) -> list[str]:
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/xml")
        return [element.tag for element in ET.fromstring(answer.content)]


class GuardTests(WebhookCase):
    """Who may post."""

    def test_unsigned_request_is_refused(self) -> None:
        """Every webhook is guarded."""
        for path in ("stream", "next", "status", "stream-status"):
            with self.subTest(path):
                answer = self.client.post(f"/voice/{path}", urlencode(PARAMS), content_type=FORM)
                assert answer.status_code == 403

    def test_webhooks_take_posts_only(self) -> None:
        """A GET is cached and logged on its way; none is answered."""
        for path in ("stream", "next", "status", "stream-status"):
            with self.subTest(path):
                assert self.client.get(f"/voice/{path}").status_code == 405

    def test_request_without_a_call_is_an_error(self) -> None:
        """Signed, but with a CallSid that cannot be one."""
        for path in ("stream", "next", "status", "stream-status"):
            for sid in ("", "CA 1", "../../etc"):
                with self.subTest(path, sid=sid):
                    assert self.post(f"/voice/{path}", CallSid=sid).status_code == 400


class VoiceStreamTests(WebhookCase):
    """A call comes in."""

    def test_address_names_the_bot(self) -> None:
        """Whatever the number is: the address is signed."""
        bot = Bot.objects.create(name="Other", greeting="Other here.", fallback="What?")
        answer = self.post(f"/voice/stream?bot={bot.pk}")
        assert b"Other here." in answer.content
        assert Call.objects.get().bot == bot

    def test_address_that_names_no_bot_leaves_it_to_the_number(self) -> None:
        """A bot that was deleted, and what is no number at all."""
        for number, asked in enumerate(["99999", "-1", "x", "9" * 40]):
            with self.subTest(asked):
                self.post(f"/voice/stream?bot={asked}", CallSid=f"CA{number}")
                assert Call.objects.get(sid=f"CA{number}").bot == Bot.objects.get()

    def test_caller_is_greeted_and_streamed(self) -> None:
        """TwiML: the greeting, the stream, and the question what to do now."""
        answer = self.post("/voice/stream")
        assert self.verbs(answer) == ["Say", "Start", "Pause", "Redirect"]
        root = ET.fromstring(answer.content)
        assert root.findtext("Say") == "How can I help you?"
        assert root.findtext("Redirect") == f"{settings.PUBLIC_URL}/voice/next"

    def test_stream_leads_to_the_media_socket(self) -> None:
        """Its URL comes from PUBLIC_URL, and has no query string."""
        with self.settings(PUBLIC_URL="https://bot.example.com"):
            stream = ET.fromstring(self.post("/voice/stream").content).find("Start/Stream")
        assert stream is not None
        assert stream.get("url") == "wss://bot.example.com/voice/media"
        assert stream.get("statusCallback") == "https://bot.example.com/voice/stream-status"

    def test_repeated_request_makes_one_call(self) -> None:
        """Idempotent by CallSid."""
        self.post("/voice/stream")
        assert self.verbs(self.post("/voice/stream")) == ["Say", "Start", "Pause", "Redirect"]
        assert Call.objects.count() == 1

    def test_caller_is_answered_where_lost_calls_cannot_be_looked_for(self) -> None:
        """It is no business of his."""
        fault = patch.object(endings, "calls_close_lost", side_effect=OperationalError("deadlock"))
        with fault, self.assertLogs("calls.views", "ERROR"):
            assert "Say" in self.verbs(self.post("/voice/stream"))

    def test_overlong_values_are_cut_not_refused(self) -> None:
        """A caller's strange name is no reason not to answer him."""
        self.verbs(self.post("/voice/stream", From="sip:" + "x" * 9999))
        assert len(Call.objects.get().from_number) == 255

    def test_without_a_bot_the_caller_hears_so(self) -> None:
        """And the log says which command makes one."""
        Bot.objects.all().delete()
        with self.assertLogs("calls.views", "ERROR") as log:
            assert self.verbs(self.post("/voice/stream")) == ["Say", "Hangup"]
        assert "create_starter_bot" in log.output[0]


class VoiceNextTests(WebhookCase):
    """A call asks what to do now."""

    def test_unknown_call_is_hung_up(self) -> None:
        """A call that is not on record costs no further minute."""
        assert self.verbs(self.post("/voice/next")) == ["Hangup"]

    def test_lost_stream_is_opened_again(self) -> None:
        """The document opens a stream before it says anything."""
        self.post("/voice/stream")
        answer = self.post("/voice/next", CallStatus="in-progress")
        assert self.verbs(answer) == ["Start", "Say", "Pause", "Redirect"]


class VoiceStatusTests(WebhookCase):
    """The end of a call is reported."""

    def test_completed_closes_the_call(self) -> None:
        """Answered with 204, as Twilio wants of status callbacks."""
        self.post("/voice/stream")
        answer = self.post("/voice/status", CallStatus="completed", CallDuration="12")
        assert answer.status_code == 204
        assert Call.objects.get().duration_seconds == 12

    def test_unknown_call_is_no_error(self) -> None:
        """A call given up before it asked us anything."""
        assert self.post("/voice/status", CallStatus="canceled").status_code == 204

    def test_junk_duration_is_passed_over(self) -> None:
        """The end counts also where its length cannot be read."""
        self.post("/voice/stream")
        self.post("/voice/status", CallStatus="completed", CallDuration="9" * 99)
        call = Call.objects.get()
        assert call.is_over
        assert call.duration_seconds is None


class VoiceStreamStatusTests(WebhookCase):
    """The end of a stream is reported."""

    def test_stopped_stream_is_closed(self) -> None:
        """Answered with 204, and on record."""
        self.post("/voice/stream")
        name = Stream.objects.get().name
        answer = self.post("/voice/stream-status", StreamName=name, StreamEvent="stream-stopped")
        assert answer.status_code == 204
        assert Stream.objects.get().close_reason == "stream-stopped"


class VoiceTranscriptTests(WebhookCase):
    """A call as JSON."""

    def get(self, sid: str) -> Any:
        path = f"/voice/transcript?CallSid={sid}"
        url = f"{settings.PUBLIC_URL}{path}"
        signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(url, {})
        return self.client.get(path, headers={"X-Twilio-Signature": signature})

    def test_turns_are_listed(self) -> None:
        """Who said what, with the reasons and the milliseconds."""
        self.post("/voice/stream")
        answer = self.get(SID).json()
        assert answer["call"]["sid"] == SID
        assert [turn["text"] for turn in answer["turns"]] == ["How can I help you?"]

    def test_unknown_call_is_not_found(self) -> None:
        """404, as JSON."""
        assert self.get("CA9").status_code == 404

    def test_stranger_reads_nothing(self) -> None:
        """What was said is for those who hold the account's token."""
        self.post("/voice/stream")
        assert self.client.get(f"/voice/transcript?CallSid={SID}").status_code == 403
