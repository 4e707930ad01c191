"""What an answer does beside speaking."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

from calls import errands
from calls.models import Call, Turn
from chatbot.models import Bot, Intent
from tests.calls.case import ACCOUNT, CallCase


class MessageTests(CallCase):
    """A text message to the caller."""

    def setUp(self) -> None:
        intent = Intent.objects.create(bot=Bot.objects.get(), name="address")
        intent.keywords.create(text="address")
        intent.replies.create(text="Sent.", action="sms", parameter="Main Street 1")
        self.open(self.start())
        self.turn_id = self.exchange("address").answer_id

    def turn(self) -> Turn:
        return Turn.objects.get(pk=self.turn_id)

    def test_message_is_due_with_the_answer(self) -> None:
        """It is on record before anything goes out."""
        assert self.turn().errand == Turn.Errand.DUE

    def test_message_goes_from_the_number_called_to_the_caller(self) -> None:
        """With the text that the editor wrote."""
        message = errands.message_claim(self.turn_id)
        assert message == errands.TextMessage(
            self.turn_id, "+31207654321", "+31201234567", "Main Street 1", ACCOUNT
        )

    def test_message_is_claimed_once(self) -> None:
        """Whoever comes second sends nothing."""
        errands.message_claim(self.turn_id)
        assert errands.message_claim(self.turn_id) is None

    def test_message_whose_claim_breaks_off_is_still_due(self) -> None:
        """The job is run again on another connection, and then has a message to send."""
        cut_off = patch.object(Turn.objects, "select_related", side_effect=OperationalError)
        with cut_off, pytest.raises(OperationalError):
            errands.message_claim(self.turn_id)
        assert errands.message_claim(self.turn_id) is not None

    def test_message_to_nobody_fails_on_record(self) -> None:
        """A caller may withhold his number."""
        Call.objects.update(from_number="anonymous")
        assert errands.message_claim(self.turn_id) is None
        assert self.turn().errand == Turn.Errand.FAILED
        assert self.turn().note == errands.NO_NUMBER

    def test_message_that_was_sent_is_done(self) -> None:
        """The transcript says so."""
        errands.message_claim(self.turn_id)
        errands.message_record(self.turn_id)
        assert (self.turn().errand, self.turn().note) == (Turn.Errand.DONE, "")

    def test_message_that_was_not_sent_says_why(self) -> None:
        """The transcript has the reason."""
        errands.message_record(self.turn_id, "The SMS was not sent: error 21211.")
        assert self.turn().errand == Turn.Errand.FAILED
        assert self.turn().note == "The SMS was not sent: error 21211."

    def test_answer_without_errand_has_nothing_to_claim(self) -> None:
        """Most answers only speak."""
        plain = self.exchange("hello").answer_id
        assert errands.message_claim(plain) is None
