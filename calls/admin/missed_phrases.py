"""What callers said in vain, as a list from which the bot learns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import reversion
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import Truncator

from calls.caller_numbers import NUMBER_SAID
from calls.missed_phrases import (
    DAYS,
    MAX_PHRASES,
    MissedGroup,
    missed_phrases,
    phrases_ignore,
    understands,
)
from chatbot.admin import pages
from chatbot.admin.keyword_warnings import warn_of_problems
from chatbot.loader import load_script
from chatbot.models import Bot, IgnoredPhrase, Intent, Keyword
from chatbot.normalise import Utterance, normalise
from chatbot.script import Script, ScriptIntent
from chatbot.values import KINDS

ADD = "chatbot.change_intent"
"""The permission that it takes, beside that to change the bot, to give an intent a keyword."""

GROUPS_ON_A_PAGE = 20
MAX_IGNORED_SHOWN = 200
MAX_KEYWORD_LENGTH = 200
NUMBER_BLANK = "{number:phone}"
"""Proposed in a keyword in the place of the caller's number."""

MAX_NAMES = 3
"""How many of the intents that one follows are named where it is chosen."""


@dataclass(frozen=True, slots=True)
class Row:
    """A group with its form: the keyword proposed, and the intents proposed as HTML options."""

    group: MissedGroup
    keyword: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A keyword that could not be added: for which phrase, as it was sent, and why not."""

    words: str
    keyword: str
    proposed: str
    errors: tuple[str, ...]


class KeywordForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A phrase as it becomes a keyword of one of the bot's intents."""

    class Meta:
        model = Keyword
        fields = ["text", "intent"]

    def __init__(self, bot: Bot, data: Any) -> None:
        super().__init__(data)
        intent: Any = self.fields["intent"]
        intent.queryset = bot.intents.all()
        intent.error_messages = {
            "required": "Choose the intent that callers mean by it.",
            "invalid_choice": "The bot has no such intent any more. Choose another one.",
        }
        self.fields["text"].error_messages["required"] = "Write the keyword that is to be added."

    def clean(self) -> dict[str, Any]:
        """Refuse a keyword that the intent has already."""
        cleaned: dict[str, Any] = super().clean() or {}
        intent, text = cleaned.get("intent"), cleaned.get("text")
        if isinstance(intent, Intent) and text:
            for known in intent.keywords.values_list("text", flat=True):
                if normalise(known) == normalise(text):
                    raise ValidationError(
                        {"text": f"“{intent}” has this keyword already, written “{known}”."}
                    )
        return cleaned


@pages.register
class MissedPhrasesPage(pages.BotPage):
    """The phrases, a page of them at a time, each with a form to add or to ignore it."""

    name = "missed-phrases"
    title = "Missed phrases"
    template = "admin/chatbot/bot/missed_phrases.html"
    order = 60

    def may_view(self, request: HttpRequest) -> bool:
        return super().may_view(request) and bool(request.user.has_perm("calls.view_call"))

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        """Return the groups of the page that is asked for, and what is ignored."""
        script = load_script(bot.pk)
        shown: dict[str, Any] = {"script": script, "days": DAYS, "max_phrases": MAX_PHRASES}
        if script.remote is not None:
            return shown
        missed = missed_phrases(script, timezone.now())
        ignored = list(bot.ignored_phrases.all()[: MAX_IGNORED_SHOWN + 1])
        page = Paginator(missed.groups, GROUPS_ON_A_PAGE).get_page(request.GET.get("p"))
        return {
            **shown,
            "groups": page,
            "rows": [_row(script, group) for group in page],
            "is_cut": missed.is_cut,
            "all_intents": _options(script, script.intents) if self.may_change(request) else "",
            "ignored": ignored[:MAX_IGNORED_SHOWN],
            "more_ignored": len(ignored) > MAX_IGNORED_SHOWN,
            "max_keyword_length": MAX_KEYWORD_LENGTH,
        }

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponseBase:
        """Add a keyword, ignore some phrases, or take that back."""
        match request.POST.get("do"):
            case "add":
                if not request.user.has_perm(ADD):
                    raise PermissionDenied
                form = KeywordForm(bot, request.POST)
                if not form.is_valid():
                    failed = _failed(load_script(bot.pk), form, request.POST)
                    response = self.render(request, bot, extra={"failed": failed})
                    response.status_code = 400
                    return response
                self._add(request, bot, form)
            case "ignore":
                self._ignore(request, bot, request.POST.getlist("phrase"))
            case "take-back":
                self._take_back(request, bot, request.POST.get("ignored", ""))
        return HttpResponseRedirect(request.get_full_path())

    def _add(self, request: HttpRequest, bot: Bot, form: KeywordForm) -> None:
        with reversion.create_revision():
            reversion.set_user(request.user)
            reversion.set_comment("Added a missed phrase")
            keyword = form.save()
        messages.success(request, f"“{keyword}” is now a keyword of “{keyword.intent}”.")
        warn_of_problems(request, bot, [keyword.text])
        said = request.POST.get("said", "")
        problem = _still_missed(load_script(bot.pk), said, keyword.intent_id) if said else ""
        if problem:
            messages.warning(request, problem)

    def _ignore(self, request: HttpRequest, bot: Bot, phrases: list[str]) -> None:
        count = phrases_ignore(bot, phrases)
        if count == 1:
            messages.success(request, f"“{_short(phrases[0])}” is ignored from now on.")
        elif count:
            like = f"“{_short(phrases[0])}” and what is like it, {count} phrases,"
            messages.success(request, f"{like} are ignored from now on.")

    def _take_back(self, request: HttpRequest, bot: Bot, key: str) -> None:
        if not key.isascii() or not key.isdecimal():
            return
        phrase = IgnoredPhrase.objects.filter(bot=bot, pk=int(key)).first()
        if phrase is not None:
            phrase.delete()
            messages.success(request, f"“{_short(phrase.text)}” is not ignored any more.")


def _still_missed(script: Script, said: str, intent_id: int) -> str:
    """Return why a phrase stays in the list although its keyword was added; empty if it goes."""
    intent = script.intents_by_id.get(intent_id)
    if intent is None:
        return ""  # somebody deleted it in the meantime
    # Any number will do where the caller's own is hidden.
    heard = said.replace(NUMBER_SAID, KINDS["phone"].example)
    if not any(understands(script, heard, id, timezone.now()) for id in intent.follows or (None,)):
        return (
            f"“{_short(said)}” does not have this keyword in it, word for word, and stays in "
            "the list until one of its keywords has been added."
        )
    if intent.follows:
        return (
            f"“{intent.name}” is only considered {_when(script, intent)}. Where "
            f"“{_short(said)}” was said "
            "at another moment, it stays in the list."
        )
    return ""


def _short(said: str) -> str:
    return Truncator(said).chars(100)


def _when(script: Script, intent: ScriptIntent) -> str:
    followed = [script.intents_by_id[id] for id in intent.follows if id in script.intents_by_id]
    names = [f"“{other.name}”" for other in followed[:MAX_NAMES]]
    if len(followed) > MAX_NAMES:
        names.append(f"{len(followed) - MAX_NAMES} more")
    return f"right after {' or '.join(names)}"


def _row(script: Script, group: MissedGroup) -> Row:
    """Propose the phrase as a keyword, and the intents that it is like."""
    near = (script.intents_by_id[match.intent_id] for match in group.first.nearest)
    return Row(group, _keyword(group.first.said), _options(script, near))


def _keyword(said: str) -> str:
    """Return a phrase without the punctuation around it; the first number in it is a blank."""
    before, number, after = said.partition(NUMBER_SAID)
    pieces = [
        _trimmed(before),
        NUMBER_BLANK if number else "",
        _trimmed(after.replace(NUMBER_SAID, " ")),
    ]
    keyword = " ".join(filter(None, pieces))
    return keyword if len(keyword) <= MAX_KEYWORD_LENGTH else _trimmed(said)


def _trimmed(said: str) -> str:
    heard = Utterance.of(said)
    last = len(heard.words)
    while last > 1 and len(heard.said(0, last)) > MAX_KEYWORD_LENGTH:
        last -= 1
    return heard.said(0, last)[:MAX_KEYWORD_LENGTH] if last else ""


def _failed(script: Script, form: KeywordForm, sent: QueryDict) -> Failed:
    chosen = form.cleaned_data.get("intent")
    intent = script.intents_by_id.get(chosen.pk) if isinstance(chosen, Intent) else None
    errors = [str(error) for errors in form.errors.values() for error in errors]
    return Failed(
        words=sent.get("words", ""),
        keyword=sent.get("text", ""),
        proposed=_options(script, [intent] if intent is not None else []),
        errors=tuple(errors),
    )


def _options(script: Script, intents: Iterable[ScriptIntent]) -> str:
    """Return the options of a select once for all forms of the page: there may be thousands."""
    labels = (
        (intent.id, f"{intent.name} ({_when(script, intent)})" if intent.follows else intent.name)
        for intent in intents
    )
    return format_html_join("", '<option value="{}">{}</option>', labels)
