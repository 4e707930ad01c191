"""The front page of the product."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from calls.models import Call
from tests.calls.admin.people import holder, member
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot, create_intent
from tests.groups import restore_groups
from voiceproject.front_page import BOTS_SHOWN

FRONT_PAGE = reverse("admin:index")


def headings(client: Client) -> list[str]:
    """Return what the front page leads to, in its order."""
    return [door.title for door in client.get(FRONT_PAGE).context["doors"]]


class FrontPageTests(TestCase):
    """What each member of the staff is led to."""

    @classmethod
    def setUpTestData(cls) -> None:
        restore_groups()
        cls.bot = create_bot("Bakery")
        create_intent(cls.bot, "hours", "opening hours")
        cls.call = record_call(cls.bot, "opening hours")

    def test_editor_is_led_to_his_bots_first(self) -> None:
        assert headings(member("Editor"))[:2] == ["Bots", "Calls"]

    def test_supervisor_is_led_to_calls_first(self) -> None:
        assert headings(member("Supervisor"))[:2] == ["Calls", "Bots"]

    def test_operator_is_led_to_users_too(self) -> None:
        assert headings(member("Operator"))[-1] == "Users and groups"

    def test_who_may_see_nothing_is_told_whom_to_ask(self) -> None:
        """Rather than shown an empty page."""
        client = holder()
        assert headings(client) == []
        self.assertContains(client.get(FRONT_PAGE), "can put you into a group")

    def test_who_may_see_calls_only_is_led_to_no_bots(self) -> None:
        client = holder("view_call")
        assert "Bots" not in headings(client)
        self.assertNotContains(client.get(FRONT_PAGE), reverse("admin:chatbot_bot_changelist"))

    def test_bot_has_its_pages_and_their_state(self) -> None:
        """As its own page tells it."""
        page = member("Editor").get(FRONT_PAGE)
        self.assertContains(page, reverse("admin:chatbot_bot_change", args=[self.bot.pk]))
        self.assertContains(page, reverse("admin:chatbot_bot_missed_phrases", args=[self.bot.pk]))

    def test_only_some_bots_are_shown_with_their_state(self) -> None:
        """It costs queries; the others are counted."""
        for number in range(BOTS_SHOWN + 1):
            create_bot(f"Shop {number}")
        self.assertContains(member("Editor").get(FRONT_PAGE), "And 2 more bots.")

    def test_calls_are_counted_and_the_last_of_them_named(self) -> None:
        """But not by whom they were: who may not see numbers sees none here."""
        # Of today also where midnight passes meanwhile.
        Call.objects.update(started_at=timezone.now() + timedelta(minutes=1))
        page = member("Supervisor").get(FRONT_PAGE)
        self.assertContains(page, reverse("admin:calls_call_change", args=[self.call.pk]))
        self.assertContains(page, "<dt>Began today</dt><dd>1</dd>", html=True)
        self.assertNotContains(page, NUMBER)

    def test_page_without_bots_says_how_to_begin(self) -> None:
        self.bot.delete()
        client = Client()
        client.force_login(User.objects.create_superuser("root"))
        self.assertContains(client.get(FRONT_PAGE), "Begin with a starter bot")
