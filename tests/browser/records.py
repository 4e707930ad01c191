"""What is on record at a bakery whose telephone a bot answers: enough to fill every page.

`python -m tests.browser.records` fills the database of DATABASE_URL, which is to be new, and
prints a `Records` as JSON. A process of its own does it: tests keep their own database as it is.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.settings"
    django.setup()

import reversion
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from calls.models import Call, CallEvent, RenderAttempt, Turn
from calls.voice.fixed_texts import fixed_wordings
from calls.voice.kept_renders import render_keep
from chatbot.loader import load_script
from chatbot.models import Bot, Rehearsal
from chatbot.rehearsals import rehearsals_run_all
from chatbot.starter import create_starter_bot
from tests.browser.roles import PASSWORD, Role
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_intent
from voiceproject.phone_account import SID as PHONE_SID

ENGINE = "spelling"
"""The name of the synthesizer that speaks for the bakery."""

NUMBERS = ("+31612345678", "+31687654321", "+31201239876", "+442079460123")


@dataclass(frozen=True, slots=True)
class Records:
    """The keys of the rows that pages are of, and of a session for each role by its value."""

    bot: int
    intent: int
    rehearsal: int
    call: int
    running_call: int
    user: int
    group: int
    sessions: dict[str, str]


def create_records() -> Records:
    """Save it all. The same rows each time, the calls as long ago as they were."""
    users = {role: _user(role) for role in Role if role is not Role.ANONYMOUS}
    editor = users[Role.EDITOR]
    bot = _bakery(editor)
    create_starter_bot("nl")
    rehearsal = _rehearse(bot)
    call = _calls(bot)
    _revise(bot, editor)
    _render(bot)
    return Records(
        bot=bot.pk,
        intent=bot.intents.get(name="opening hours").pk,
        rehearsal=rehearsal.pk,
        call=call.pk,
        running_call=Call.objects.get(ended_at=None).pk,
        user=editor.pk,
        group=Group.objects.get(name="Editor").pk,
        sessions={role.value: _session(user) for role, user in users.items()},
    )


def _session(user: User) -> str:
    """Sign a user in; return the key of the session."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _user(role: Role) -> User:
    names = {
        Role.EDITOR: "Ada",
        Role.SUPERVISOR: "Grace",
        Role.OPERATOR: "Edsger",
        Role.ROOT: "Root",
    }
    user = User.objects.create_user(
        role.value,
        first_name=names.get(role, ""),
        password=PASSWORD,
        is_staff=role is not Role.VISITOR,
        is_superuser=role is Role.ROOT,
    )
    if role.group:
        user.groups.add(Group.objects.get(name=role.group))
    return user


def _bakery(editor: User) -> Bot:
    with reversion.create_revision():
        reversion.set_user(editor)
        reversion.set_comment("Added.")
        bot = Bot.objects.create(
            name="Bakery",
            language="en-US",
            greeting="Good day, this is the bakery. What can I do for you?",
            fallback="I am sorry, I did not understand that. Could you say it in other words?",
            transfer_number="+31201234567",
            time_zone="Europe/Amsterdam",
            line=Bot.Line.STREAM,
            answers_early=True,
            is_default=True,
        )
        bot.phone_numbers.create(number="+31207654321")
        for weekday in range(6):
            bot.opening_times.create(weekday=weekday, opens=time(8), closes=time(17, 30))
        bot.closed_days.create(day=date(2026, 12, 25), name="Christmas")
        bot.pronunciations.create(word="brioche", phones="B R IY OW SH")
        hours = create_intent(
            bot,
            "opening hours",
            *("opening hours", "when are you open", "what time do you close", "still open"),
            reply="We are open from eight to half past five, and closed on Sundays.",
        )
        hours.replies.create(text="From eight to half past five, Monday to Saturday.")
        create_intent(
            bot, "tomorrow", "tomorrow", "and tomorrow", reply="Tomorrow too."
        ).follows.add(hours)
        create_intent(
            bot,
            "order",
            "my order is {order:digits}",
            "order number {order:digits}",
            reply="Thank you. Your order {order} will be ready at four.",
        ).replies.update(action="sms", parameter="Order {order} is ready at four. Your bakery.")
        for name, keyword, reply in (
            ("bread", "bread", "We have rye, spelt and white bread today."),
            ("cake", "birthday cake", "We bake cakes to order, two days ahead."),
            ("allergens", "gluten", "All that we bake may contain traces of gluten and nuts."),
            ("address", "where are you", "At Mill Street 12, beside the post office."),
            ("parking", "parking", "You can park behind the shop."),
            ("thanks", "thank you", "You are welcome. Is there anything else?"),
        ):
            create_intent(bot, name, keyword, reply=reply)
        create_intent(
            bot, "person", "speak to somebody", reply="One moment please."
        ).replies.update(action="transfer", parameter="+31201234567")
        create_intent(
            bot, "goodbye", "goodbye", "bye", reply="Thank you for calling. Goodbye."
        ).replies.update(action="hangup")
    return bot


def _rehearse(bot: Bot) -> Rehearsal:
    short = Rehearsal.objects.create(bot=bot, name="A short call")
    short.lines.create(
        position=1, says="when are you open", intent_name="opening hours", reply="half past five"
    )
    short.lines.create(position=2, says="and tomorrow", intent_name="tomorrow")
    short.lines.create(position=3, says="")
    short.lines.create(position=4, says="bye", intent_name="goodbye", action="hangup")
    wish = Rehearsal.objects.create(bot=bot, name="Somebody wants croissants")
    wish.lines.create(position=1, says="do you have croissants", intent_name="bread")
    thanks = Rehearsal.objects.create(bot=bot, name="Thanks")
    thanks.lines.create(position=1, says="thank you", intent_name="thanks")
    rehearsals_run_all(bot)
    return short


def _calls(bot: Bot) -> Call:
    said: tuple[tuple[str | None, ...], ...] = (
        ("when are you open", "and tomorrow", "thank you", "goodbye"),
        ("do you have croissants", "bread", "bye"),
        ("do you have croissants today", None, "goodbye"),
        ("opxning hxurs", "can I pay by card", "speak to somebody"),
        ("my order is 44 77", "thank you", "bye"),
        (None, None),
        ("can I pay by card", "can I pay with a card please", "where are you", "goodbye"),
    )
    outcomes = (Call.Outcome.BOT_HUNG_UP, Call.Outcome.BOT_HUNG_UP, Call.Outcome.CALLER_HUNG_UP)
    for place, words in enumerate(said * 2):
        call = record_call(
            bot, *words, ago=timedelta(hours=7 * place + 3), number=NUMBERS[place % len(NUMBERS)]
        )
        _take_time(call)
        call.outcome = outcomes[place % len(outcomes)]
        call.duration_seconds = 20 + 7 * len(words)
        if place % 5 == 1:
            call.account_sid = PHONE_SID
        call.save()
    running = record_call(bot, "when are you open", ago=timedelta(seconds=40), number=NUMBERS[1])
    _take_time(running)
    Call.objects.filter(pk=running.pk).update(
        ended_at=None, status=Call.Status.IN_PROGRESS, account_sid=PHONE_SID
    )
    return _eventful_call(bot)


def _take_time(call: Call) -> None:
    """Let some seconds pass between the turns of a call."""
    for turn in call.turns.all():
        turn.at = call.started_at + timedelta(seconds=4 * turn.number)
        turn.answer_ms = 12 + turn.number if turn.role == Turn.Role.BOT else None
        turn.save()


def _eventful_call(bot: Bot) -> Call:
    """Record a call in which everything happened."""
    call = record_call(
        bot,
        *("opxning hxurs", "tomorrow", "do you have croissants", "my order is 44 77", None),
        "speak to somebody",
        ago=timedelta(hours=1),
        number=NUMBERS[0],
    )
    _take_time(call)
    call.turns.filter(action="sms").update(
        errand="failed", note="The SMS was not sent: Twilio answered HTTP 400, error 21614."
    )
    Call.objects.filter(pk=call.pk).update(
        outcome=Call.Outcome.TRANSFERRED, duration_seconds=58, direction="inbound"
    )
    call.events.create(
        kind=CallEvent.Kind.REOPENED,
        at=call.started_at + timedelta(seconds=14),
        detail="the engine said nothing for 4 s while the caller spoke",
        ms=2400,
    )
    call.streams.create(
        token_digest="0" * 64,
        issued_at=call.started_at,
        expires_at=call.started_at + timedelta(minutes=1),
        opened_at=call.started_at + timedelta(seconds=1),
        closed_at=call.started_at + timedelta(seconds=55),
        close_reason="the call was connected to a person",
        audio_bytes=8000 * 54,
    )
    return Call.objects.get(pk=call.pk)


def _revise(bot: Bot, editor: User) -> None:
    """Change the bot as time went by; one of the changes turns a rehearsal red."""
    with reversion.create_revision():
        reversion.set_user(editor)
        reversion.set_comment("Changed Replies of opening hours.")
        reply = bot.intents.get(name="opening hours").replies.order_by("id")[0]
        reply.text = "We are open from eight to six, and closed on Sundays."
        reply.save()
    with reversion.create_revision():
        reversion.set_user(editor)
        bot.intents.get(name="parking").delete()
    rehearsals_run_all(bot)


def _render(bot: Bot) -> None:
    """Speak some of what the bot says; one text failed, and the rest is still to come."""
    wordings = fixed_wordings(load_script(bot.pk))
    for wording in wordings[:8]:
        render_keep(wording.key(ENGINE), b"\xff" * 8 * 60 * len(wording.text), ENGINE)
    RenderAttempt.objects.update_or_create(
        key=wordings[8].key(ENGINE), defaults={"problem": "The engine did not answer within 10 s."}
    )


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    json.dump(asdict(create_records()), sys.stdout)
