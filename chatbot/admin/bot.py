"""The page of a bot, and the list of them."""

from typing import Any

import reversion
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import Textarea
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from chatbot.admin import pages
from chatbot.admin.inlines import (
    BotNoInputInline,
    BotNoMatchInline,
    ClosedDayInline,
    OpeningTimeInline,
    PhoneNumberInline,
    PronunciationInline,
)
from chatbot.admin.keyword_warnings import warn_of_problems
from chatbot.admin.recorded import RecordedAdmin
from chatbot.admin.sections import sections
from chatbot.forms import BotForm
from chatbot.models import Bot, Intent, Keyword, Pronunciation
from chatbot.starter import STARTERS, create_starter_bot

CONNECT = "chatbot.connect_bot"
"""The permission to have a bot's answers come from elsewhere, and to read its secret."""


@admin.register(Bot)
class BotAdmin(RecordedAdmin):
    """A bot; its intents are listed on its page, each with a link to a page of its own."""

    form = BotForm
    list_display = ["name", "language", "numbers", "intent_count", "changed_at"]
    search_fields = ["name", "phone_numbers__number"]
    inlines = [
        PhoneNumberInline,
        BotNoInputInline,
        BotNoMatchInline,
        OpeningTimeInline,
        ClosedDayInline,
        PronunciationInline,
    ]
    formfield_overrides = {
        models.TextField: {"widget": Textarea(attrs={"rows": 2, "class": "fluid"})}
    }

    class Media:
        css = {"all": ["chatbot/editor.css"]}
        js = ["chatbot/filter.js"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        elsewhere = ["backend", "backend_url", "backend_seconds"]
        if request.user.has_perm(CONNECT) and obj is not None:
            elsewhere.append("secret")
        return [
            (None, {"fields": ["name", "language"]}),
            ("What the bot says", {"fields": ["greeting", "fallback"]}),
            _rare("Voice", "line", "voice", "speed", "greeting_uninterruptible"),
            _rare("Phone numbers", "is_default"),
            _rare("When the caller says nothing", "silence_seconds", "no_input", "goodbye"),
            _rare("When the bot does not understand", "threshold"),
            _rare("Transfer to a person", "transfer_number", "transfer_message", "transfer_failed"),
            _rare("Opening hours", "time_zone", "closed_message"),
            _rare("Limits", "max_turns", "max_minutes", "limit_message"),
            _rare("Taking turns", "interrupt_words", "patience_ms", "answers_early"),
            _rare("When the bot cannot hear", "second_recognizer", "apology"),
            _rare("A chatbot elsewhere", *elsewhere),
            _rare(
                "Pronunciations",
                description="How words sound that the offline recognizer does not know.",
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if request.user.has_perm(CONNECT):
            return ["secret"]
        return ["backend", "backend_url", "backend_seconds"]

    def get_urls(self) -> list[Any]:
        starter = path(
            "add-starter/<str:language>/",
            self.admin_site.admin_view(require_POST(self.add_starter)),
            name="chatbot_bot_add_starter",
        )
        return [starter, *pages.url_patterns(self.admin_site), *super().get_urls()]

    # --- The list ------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bot]:
        bots: QuerySet[Bot] = super().get_queryset(request)
        return bots.annotate(intent_count=Count("intents")).prefetch_related("phone_numbers")

    @admin.display(description="intents", ordering="intent_count")
    def intent_count(self, bot: Any) -> int:
        return int(bot.intent_count)

    @admin.display(description="numbers")
    def numbers(self, bot: Bot) -> str:
        numbers = [row.number for row in bot.phone_numbers.all()]
        return ", ".join([*numbers, *(["all others"] if bot.is_default else [])])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        starters = STARTERS if self._may_add_starter(request) else {}
        return super().changelist_view(request, {"starters": starters, **(extra_context or {})})

    def add_starter(self, request: HttpRequest, language: str) -> HttpResponse:
        """Add a bot to begin with, and lead to its page."""
        if not self._may_add_starter(request):
            raise PermissionDenied
        if language not in STARTERS:
            raise Http404("There is no starter bot in this language.")
        with reversion.create_revision():
            reversion.set_user(request.user)
            reversion.set_comment(f"Added the starter bot in {STARTERS[language].label}.")
            bot = create_starter_bot(language)
            self.log_addition(request, bot, [{"added": {}}])
        messages.success(request, f"Added “{bot}”. Change what it says to what you need.")
        address = "change" if self.has_view_permission(request, bot) else "changelist"
        arguments = [bot.pk] if address == "change" else []
        return HttpResponseRedirect(reverse(f"admin:chatbot_bot_{address}", args=arguments))

    def _may_add_starter(self, request: HttpRequest) -> bool:
        intents = self.admin_site.get_model_admin(Intent)
        return self.has_add_permission(request) and intents.has_add_permission(request)

    # --- The page of one bot -------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        bot = context.get("original")
        intent_admin = self.admin_site.get_model_admin(Intent)
        parts = list(sections(context["adminform"], context["inline_admin_formsets"]))
        context["sections"] = [part for part in parts if not part.is_rare]
        context["rare_sections"] = [
            part for part in parts if part.is_rare and (part.has_fields or part.formsets)
        ]
        if bot is not None:
            context["bot_pages"] = pages.links(request, bot, with_summary=True)
        if bot is not None and intent_admin.has_view_permission(request):
            context["intents"] = bot.intents.prefetch_related("keywords", "replies", "follows")
            context["can_add_intent"] = intent_admin.has_add_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Bot) -> HttpResponseRedirect:
        """Lead to the bot, which has no intents yet."""
        if self.has_view_permission(request, obj):
            return HttpResponseRedirect(reverse("admin:chatbot_bot_change", args=[obj.pk]))
        return super().response_post_save_add(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        pronounced = (rows for rows in formsets if rows.model is Pronunciation)
        if "language" in form.changed_data or any(rows.has_changed() for rows in pronounced):
            keywords = Keyword.objects.filter(intent__bot=form.instance)
            warn_of_problems(request, form.instance, keywords.values_list("text", flat=True))


def _rare(name: str, *fields: str, description: str = "") -> tuple[str, dict[str, Any]]:
    """Return a fieldset of which only the heading is shown at first."""
    return (name, {"fields": fields, "classes": ["collapse"], "description": description})
