"""What became of early answers."""

from datetime import timedelta

from django.utils import timezone

from calls.early_answers import EarlyAnswers, early_answers
from calls.models import Turn
from chatbot.models import Bot
from tests.calls.case import CallCase


class EarlyAnswersTests(CallCase):
    """Counted on the record of calls."""

    def early(self, **fields: object) -> None:
        self.exchange("hello")
        heard = Turn.objects.filter(role=Turn.Role.CALLER).latest("number")
        Turn.objects.filter(pk=heard.pk).update(is_early=True, **fields)

    def counted(self) -> EarlyAnswers:
        return early_answers(Bot.objects.get().pk, timezone.now() - timedelta(days=1))

    def test_none(self) -> None:
        """Turns that were answered in their time do not count."""
        self.start()
        self.exchange("hello")
        assert self.counted() == EarlyAnswers(0, 0, None)

    def test_right_and_wrong_ones(self) -> None:
        """And how much sooner they were."""
        self.start()
        self.early(gained_ms=300)
        self.early(gained_ms=500, early_text="yellow")
        assert self.counted() == EarlyAnswers(2, 1, 400)

    def test_those_of_long_ago(self) -> None:
        """They tell nothing of the bot as it is."""
        self.start()
        self.early(gained_ms=300, at=timezone.now() - timedelta(days=2))
        assert self.counted().count == 0
