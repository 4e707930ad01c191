"""In which voice callers hear a bot, and which of its replies are rendered."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.utils import timezone

from calls.early_answers import early_answers
from calls.voice import background, speaker
from calls.voice.engines import voice_for, why_none
from calls.voice.fixed_texts import fixed_wordings
from calls.voice.kept_renders import audio_of, renders_forget
from calls.voice.playable import wav_of
from calls.voice.render_progress import RenderProgress, render_progress
from chatbot.admin import pages
from chatbot.admin.pages import Summary
from chatbot.loader import load_script
from chatbot.models import Bot

PAGE_SIZE = 100
RENDERS = "admin/chatbot/bot/voice_renders.html"

EARLY_SINCE = timedelta(days=30)

MOVING_SECONDS = 2
WAITING_SECONDS = 10
"""How soon the page looks again: while replies are being rendered, and while some are missing."""


@pages.register
class VoicePage(pages.BotPage):
    """Its script asks the same address for JSON, and a link on it for the audio of a reply."""

    name = "voice"
    title = "Voice"
    template = "admin/chatbot/bot/voice.html"
    order = 35

    def summary(self, request: HttpRequest, bot: Bot) -> Summary | None:
        """Return how many replies are rendered, where callers hear audio of our own."""
        if bot.line != Bot.Line.STREAM:
            return None
        progress = _progress(bot)
        if progress is None:
            return Summary("no voice engine", is_good=False)
        is_good = False if progress.failed else progress.is_complete or None
        return Summary(in_words(progress), is_good)

    def get(self, request: HttpRequest, bot: Bot, site: admin.AdminSite) -> HttpResponseBase:
        key = request.GET.get("play")
        if key is not None:
            return _audio(bot, key)
        if not request.accepts("text/html"):
            return self._news(request, bot)
        return super().get(request, bot, site)

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        """Return where the renders stand; nothing of them where none are needed or possible."""
        engine = speaker.engine_name()
        progress = _progress(bot)
        shown = {} if progress is None else self._shown(request, bot, progress)
        return {
            "engine": engine,
            "voice": voice_for(bot.language, bot.voice),
            "why_none": why_none(),
            "streams": bot.line == Bot.Line.STREAM,
            "early": early_answers(bot.pk, timezone.now() - EARLY_SINCE),
            **shown,
        }

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponseBase:
        """Have the missing replies rendered; or one, or all, once more."""
        progress = _progress(bot)
        if progress is not None:
            again = request.POST.get("again", "")
            keys = [text.key for text in progress.texts if again in {"all", text.key}]
            renders_forget(keys)
            background.renderer.request(bot.pk)
            messages.success(request, "The replies are being rendered.")
        return HttpResponseRedirect(request.get_full_path())

    def _news(self, request: HttpRequest, bot: Bot) -> JsonResponse:
        """Return what is to be shown now, unless the page shows it already."""
        progress = _progress(bot)
        if progress is None:
            return JsonResponse({"again_in": 0})
        news: dict[str, Any] = {
            "seen": progress.mark,
            "again_in": _again_in(progress),
            "words": in_words(progress),
        }
        if request.GET.get("seen") != progress.mark:
            shown = {"bot": bot, "may_change": self.may_change(request)}
            news["html"] = render_to_string(
                RENDERS, {**shown, **self._shown(request, bot, progress)}, request
            )
        return JsonResponse(news)

    def _shown(self, request: HttpRequest, bot: Bot, progress: RenderProgress) -> dict[str, Any]:
        paginator = Paginator(progress.texts, PAGE_SIZE)
        page = paginator.get_page(request.GET.get("page"))
        return {
            "progress": progress,
            "progress_in_words": in_words(progress),
            "again_in": _again_in(progress),
            "texts": page.object_list,
            "texts_page": page,
            "page_range": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        }


def in_words(progress: RenderProgress) -> str:
    """Return where the renders stand, such as “34 of 120 rendered, 1 failed”."""
    words = f"{progress.rendered} of {progress.total} rendered"
    return f"{words}, {progress.failed} failed" if progress.failed else words


def _progress(bot: Bot) -> RenderProgress | None:
    """Return where the renders of a bot stand, or None where callers hear another voice."""
    engine = speaker.engine_name()
    if engine is None or bot.line != Bot.Line.STREAM:
        return None
    return render_progress(load_script(bot.pk), engine)


def _again_in(progress: RenderProgress) -> int:
    """Return in how many seconds there may be something new; 0 where nothing is to come."""
    if progress.is_moving:
        return MOVING_SECONDS
    return 0 if progress.rendered + progress.failed == progress.total else WAITING_SECONDS


def _audio(bot: Bot, key: str) -> HttpResponse:
    """Return a reply of this bot as a file to listen to. Raises Http404."""
    engine = speaker.engine_name()
    keys = (
        {wording.key(engine) for wording in fixed_wordings(load_script(bot.pk))} if engine else ()
    )
    audio = audio_of(key) if key in keys else None
    if audio is None:
        raise Http404("This reply is not rendered.")
    return HttpResponse(wav_of(audio), content_type="audio/wav")
