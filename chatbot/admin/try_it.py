"""A chat with the bot that answers as the telephone would, and says why."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from chatbot import trial_log
from chatbot.admin import pages
from chatbot.keys import pressed
from chatbot.loader import load_script
from chatbot.models import Bot
from chatbot.script import Script
from chatbot.trial import (
    Entries,
    Stage,
    Trial,
    TrialError,
    begin,
    nobody_answers,
    say,
    stay_silent,
)

ENTRIES = "admin/chatbot/bot/try_it_entries.html"


@pages.register
class TryItPage(pages.BotPage):
    """The page keeps where its dialogue stands: two windows do not disturb each other.

    A form posts each step; with scripts the page asks for JSON and stays where it is.
    """

    name = "try-it"
    title = "Try it"
    template = "admin/chatbot/bot/try_it.html"
    order = 10
    change_permission = "chatbot.view_bot"  # a step changes nothing

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        """Return a dialogue that begins, unless a step of one has given what there is to show."""
        if request.method == "POST":
            return {}
        script = load_script(bot.pk)
        is_closed = not script.is_open(timezone.now())
        as_if = not is_closed and "closed" in request.GET
        if as_if or (is_closed and "anyway" not in request.GET):
            return {"closed": True, "as_if": as_if, "script": script}
        return self._shown(request, script, *begin(script, timezone.now()), closed=is_closed)

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponseBase:
        """Take one step of the dialogue."""
        wants_page = request.accepts("text/html")
        script = load_script(bot.pk)
        if request.POST.get("do") == "version":
            return JsonResponse({"version": script.version})
        try:
            trial, entries = self._step(request, script)
        except TrialError as error:
            return self._refusal(request, bot, script, str(error))
        if not wants_page:
            is_new = request.POST.get("do") == "start"
            return JsonResponse(
                {
                    "entries": render_to_string(ENTRIES, self._entries(request, script, entries)),
                    "state": trial.to_token(),
                    "stage": trial.stage,
                    "version": script.version,
                    "is_new": is_new,
                }
            )
        if request.POST.get("do") != "start":
            entries = (*trial_log.from_token(request.POST.get("log", "")), *entries)
        return self.render(request, bot, extra=self._shown(request, script, trial, entries))

    def _step(self, request: HttpRequest, script: Script) -> tuple[Trial, Entries]:
        """Do what the form asks for. Raises TrialError."""
        now = timezone.now()
        do = request.POST.get("do", "say")
        if do == "start":
            return begin(script, now)
        trial = Trial.from_token(request.POST.get("state", ""), script.bot_id)
        text, keys = request.POST.get("text", ""), request.POST.get("keys", "")
        if do == "silence":
            return stay_silent(script, trial, now)
        if do == "nobody":
            return nobody_answers(script, trial)
        # Return in the field of the keys presses the first button of the form.
        if do == "keys" or (keys and not text.strip()):
            try:
                text = pressed(keys)
            except ValueError as error:
                raise TrialError(str(error)) from error
        return say(script, trial, text, now)

    def _refusal(
        self, request: HttpRequest, bot: Bot, script: Script, error: str
    ) -> HttpResponseBase:
        """Say what is wrong with a step; the dialogue stands where it stood."""
        if not request.accepts("text/html"):
            return JsonResponse({"error": error}, status=HTTPStatus.BAD_REQUEST)
        try:
            trial = Trial.from_token(request.POST.get("state", ""), bot.pk)
        except TrialError:
            shown = self._shown(request, script, *begin(script, timezone.now()))
        else:
            entries = trial_log.from_token(request.POST.get("log", ""))
            shown = self._shown(request, script, trial, entries)
        response = self.render(
            request, bot, extra={**shown, "error": error, "text": request.POST.get("text", "")}
        )
        response.status_code = HTTPStatus.BAD_REQUEST
        return response

    def _shown(
        self,
        request: HttpRequest,
        script: Script,
        trial: Trial,
        entries: Entries,
        *,
        closed: bool = False,
    ) -> dict[str, Any]:
        return {
            **self._entries(request, script, entries),
            "closed": closed,
            "trial": trial,
            "stages": Stage,
            "token": trial.to_token(),
            "log": trial_log.to_token(entries),
            "keypad": ["123", "456", "789", "*0#"],
        }

    def _entries(self, request: HttpRequest, script: Script, entries: Entries) -> dict[str, Any]:
        return {
            "script": script,
            "entries": entries,
            "may_view_intents": request.user.has_perm("chatbot.view_intent"),
        }
