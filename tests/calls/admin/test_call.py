"""The record of calls in the admin."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls import endings, steps, store
from calls.models import Call, CallEvent, Turn
from chatbot.models import Bot

ACCOUNT = "AC" + "0" * 32
LIST = reverse("admin:calls_call_changelist")


class CallAdminCase(TestCase):
    """A supervisor, and calls to look at."""

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("create_starter_bot", verbosity=0)
        cls.supervisor = get_user_model().objects.create_user("supervisor", is_staff=True)
        cls.supervisor.groups.add(Group.objects.get(name="Supervisor"))

    def setUp(self) -> None:
        self.client.force_login(self.supervisor)

    def make_call(self, number: int, said: str) -> Call:
        sid = f"CA{number:032}"
        steps.call_start(
            sid=sid,
            account_sid=ACCOUNT,
            from_number=f"+3120000{number:04}",
            to_number="+31207654321",
            direction="inbound",
            status="ringing",
        )
        call = Call.objects.get(sid=sid)
        taken = store.turn_take(0, call.pk, Bot.objects.get().pk, said, 0.87)
        store.answer_delivered(taken.answer_id, Turn.Delivery.SENT, 12)
        return call

    def page(self, call: Call) -> str:
        return self.client.get(reverse("admin:calls_call_change", args=[call.pk])).content.decode()

    def listed(self, query: str) -> list[str]:
        answer = self.client.get(f"{LIST}?{query}")
        return sorted(call.sid for call in answer.context["cl"].result_list)


class CallListTests(CallAdminCase):
    """The list of calls."""

    def test_search_finds_what_was_said(self) -> None:
        """A word of the transcript finds its call, once."""
        wanted = self.make_call(1, "hello there hello")
        self.make_call(2, "goodbye")
        assert self.listed("q=there") == [wanted.sid]

    def test_search_finds_a_number(self) -> None:
        """So does the caller's number."""
        wanted = self.make_call(1, "hello")
        self.make_call(2, "hello")
        assert self.listed("q=%2B31200000001") == [wanted.sid]

    def test_calls_with_a_no_match_can_be_told_from_the_others(self) -> None:
        """Both sides of the filter."""
        missed, understood = self.make_call(1, "purple"), self.make_call(2, "hello")
        assert self.listed("missed=yes") == [missed.sid]
        assert self.listed("missed=no") == [understood.sid]

    def test_running_calls_can_be_told_from_those_that_are_over(self) -> None:
        """Both sides of the filter."""
        running, over = self.make_call(1, "hello"), self.make_call(2, "hello")
        endings.call_status_record(sid=over.sid, status="completed", duration_seconds=5)
        assert self.listed("running=yes") == [running.sid]
        assert self.listed("running=no") == [over.sid]

    def test_calls_can_be_filtered_by_how_they_ended(self) -> None:
        """Who hung up is a column to choose by."""
        self.make_call(1, "hello")
        ended = self.make_call(2, "goodbye")
        assert self.listed("outcome__exact=bot") == [ended.sid]

    def test_queries_do_not_grow_with_the_calls(self) -> None:
        """One call or sixty: the list asks the database as often."""

        self.make_call(1, "hello")
        with CaptureQueriesContext(connection) as with_one:
            self.client.get(LIST)
        for number in range(2, 60):
            self.make_call(number, "hello")
        with self.assertNumQueries(len(with_one)):
            self.client.get(LIST)

    def test_length_is_by_the_own_clock_where_none_was_reported(self) -> None:
        """A call whose end was found out otherwise has a length as well."""
        call = self.make_call(1, "hello")
        store.call_over(call.pk)
        Call.objects.update(started_at=F("ended_at") - timedelta(seconds=61))
        self.assertContains(self.client.get(LIST), "0:01:01")


class ConversationTests(CallAdminCase):
    """One call."""

    def test_turns_are_read_in_their_order(self) -> None:
        """The greeting, what the caller said, what he was answered."""
        page = self.page(self.make_call(1, "hello"))
        positions = [page.index(text) for text in ("How can I help", "Hi, how are you?")]
        assert positions == sorted(positions)

    def test_reason_and_speed_stand_beside_the_turns(self) -> None:
        """Intent, keyword, confidence and milliseconds."""
        page = " ".join(self.page(self.make_call(1, "well hello")).split())
        for note in ("“hello” (phrase", "confidence 0.87", "answered in 12 ms"):
            assert note in page

    def test_words_nobody_could_make_out_are_said_to_be_so(self) -> None:
        """A turn without text is not an empty box."""
        assert "no word could be made out" in self.page(self.make_call(1, ""))

    def test_markup_in_what_was_said_is_shown_not_run(self) -> None:
        """A caller cannot write into the supervisor's page."""
        assert "<script>x" not in self.page(self.make_call(1, "<script>x</script>"))

    def test_intent_is_a_link_only_for_those_who_may_edit_it(self) -> None:
        """A supervisor reads; an editor gets to the row."""
        call = self.make_call(1, "hello")
        intent = Bot.objects.get().intents.get(name="hello")
        link = reverse("admin:chatbot_intent_change", args=[intent.pk])
        assert link not in self.page(call)
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        assert link in self.page(call)

    def test_nobody_changes_or_deletes_a_call(self) -> None:
        """Not even the superuser rewrites what was said."""
        call = self.make_call(1, "hello")
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        for action in ("change", "delete"):
            url = reverse(f"admin:calls_call_{action}", args=[call.pk])
            assert self.client.post(url, {"post": "yes"}).status_code == 403
        assert Call.objects.count() == 1

    def test_reply_that_was_cut_short_says_how_much_was_heard(self) -> None:
        """The supervisor sees what the caller cannot have heard."""
        call = self.make_call(1, "hello")
        call.turns.filter(number=3).update(audio_ms=4000, heard_ms=1230)
        assert "cut short by the caller after 1.2 s" in self.page(call)

    def test_turn_that_was_answered_early_says_how_much_sooner(self) -> None:
        """And what it was taken for, where that was wrong."""
        call = self.make_call(1, "hello")
        heard = call.turns.filter(number=2)
        heard.update(is_early=True, gained_ms=420)
        assert "answered early, 420 ms before the words were certain" in self.page(call)
        heard.update(early_text="yellow")
        assert "answered early, taken for “yellow”" in self.page(call)

    def test_seams_stand_where_they_happened(self) -> None:
        """Between the turns, with their reason."""
        call = self.make_call(1, "hello")
        at = call.turns.get(number=2).at - timedelta(microseconds=1)
        call.events.create(kind=CallEvent.Kind.REOPENED, detail="the connection broke", at=at)
        page = self.page(call)
        seam = page.index("Recognition began anew after a failure: the connection broke")
        assert page.index("turn-1") < seam < page.index("turn-2")

    def test_queries_do_not_grow_with_the_turns(self) -> None:
        """Three turns or forty-one: the page asks the database as often."""
        call = self.make_call(1, "hello")
        with CaptureQueriesContext(connection) as with_few:
            self.page(call)
        for _ in range(19):
            store.turn_take(0, call.pk, Bot.objects.get().pk, "hello", 0.9)
            store.event_record(call.pk, CallEvent.Kind.ROTATED)
        with self.assertNumQueries(len(with_few)):
            self.page(call)

    def test_stranger_is_asked_to_log_in(self) -> None:
        """Transcripts are not public."""
        call = self.make_call(1, "hello")
        self.client.logout()
        answer = self.client.get(reverse("admin:calls_call_change", args=[call.pk]))
        assert answer.status_code == 302
