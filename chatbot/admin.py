"""The admin pages on which an editor writes a bot."""

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import Textarea, TextInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from chatbot.forms import KeywordFormSet
from chatbot.keyword_checks import keyword_problems
from chatbot.models import Bot, Intent, Keyword, Pronunciation, Reply

logger = logging.getLogger(__name__)

MAX_WARNINGS = 10

# The widths that the admin gives to fields would push the last columns of a row off a phone.
_FLUID = "width: 100%; min-width: 11em; max-width: 44em; box-sizing: border-box"


def _warn_of_problems(request: HttpRequest, bot: Bot, texts: Iterable[str]) -> None:
    """Tell the editor, and the log, of keywords in which callers might not be heard."""
    problems = keyword_problems(bot, texts)
    for problem in problems[:MAX_WARNINGS]:
        logger.warning("Bot %s: %s", bot.pk, problem)
        messages.warning(request, problem)
    if len(problems) > MAX_WARNINGS:
        more = len(problems) - MAX_WARNINGS
        logger.warning("Bot %s: %s more keyword problems", bot.pk, more)
        messages.warning(request, f"And {more} more warnings of this kind.")


class PronunciationInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = Pronunciation
    extra = 1
    classes = ["collapse"]
    verbose_name_plural = "pronunciations (only for the offline recognizer)"


@admin.register(Bot)
class BotAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A bot; its intents are listed below the form, each with a link to a page of its own."""

    list_display = ["name", "language", "intent_count", "changed_at"]
    search_fields = ["name"]
    inlines = [PronunciationInline]
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 80})}}
    fieldsets = [
        (None, {"fields": ["name", "language", "voice"]}),
        ("What the bot says", {"fields": ["greeting", "fallback"]}),
        ("When the caller says nothing", {"fields": ["silence_seconds", "no_input", "goodbye"]}),
        ("When the bot cannot hear", {"fields": ["apology"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bot]:
        bots: QuerySet[Bot] = super().get_queryset(request)
        return bots.annotate(intent_count=Count("intents"))

    @admin.display(description="intents", ordering="intent_count")
    def intent_count(self, bot: Any) -> int:
        return int(bot.intent_count)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        bot = context.get("original")
        intent_admin = self.admin_site.get_model_admin(Intent)
        if bot is not None and intent_admin.has_view_permission(request):
            context["intents"] = bot.intents.prefetch_related("keywords", "replies")
            context["can_add_intent"] = intent_admin.has_add_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "language" in form.changed_data or any(rows.has_changed() for rows in formsets):
            keywords = Keyword.objects.filter(intent__bot=form.instance)
            _warn_of_problems(request, form.instance, keywords.values_list("text", flat=True))


class KeywordInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = Keyword
    formset = KeywordFormSet
    extra = 2
    formfield_overrides = {models.CharField: {"widget": TextInput(attrs={"style": _FLUID})}}


class ReplyInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = Reply
    fields = ["text", "action", "position"]
    formfield_overrides = {
        models.TextField: {"widget": Textarea(attrs={"rows": 2, "style": _FLUID})},
    }

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(Intent)
class IntentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """An intent with its keywords and replies; saving it leads back to its bot."""

    list_display = ["name", "bot", "keyword_summary", "reply_summary"]
    list_filter = ["bot"]
    list_select_related = ["bot"]
    search_fields = ["name", "keywords__text", "replies__text"]
    inlines = [KeywordInline, ReplyInline]
    fields = ["bot", "name", "position"]

    class Media:
        css = {"all": ["chatbot/editor.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Intent]:
        return super().get_queryset(request).prefetch_related("keywords", "replies")

    @admin.display(description="keywords")
    def keyword_summary(self, intent: Intent) -> str:
        return intent.keyword_summary()

    @admin.display(description="reply")
    def reply_summary(self, intent: Intent) -> str:
        return intent.reply_summary()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        texts = form.instance.keywords.values_list("text", flat=True)
        _warn_of_problems(request, form.instance.bot, texts)

    def response_post_save_add(self, request: HttpRequest, obj: Intent) -> HttpResponseRedirect:
        return self._back_to_bot(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Intent) -> HttpResponseRedirect:
        return self._back_to_bot(request, obj) or super().response_post_save_change(request, obj)

    def _back_to_bot(self, request: HttpRequest, intent: Intent) -> HttpResponseRedirect | None:
        """Lead to the bot that the intent belongs to, unless the editor may not see bots."""
        if not self.admin_site.get_model_admin(Bot).has_view_permission(request):
            return None
        return HttpResponseRedirect(reverse("admin:chatbot_bot_change", args=[intent.bot_id]))
