"""The page of an intent with its keywords and replies."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from chatbot.admin.inlines import (
    IntentNoInputInline,
    IntentNoMatchInline,
    KeywordInline,
    ReplyInline,
)
from chatbot.admin.keyword_warnings import warn_of_problems
from chatbot.admin.recorded import RecordedAdmin
from chatbot.forms import IntentForm
from chatbot.forms.intent import only_followers
from chatbot.intent_warnings import intent_warnings
from chatbot.models import Bot, Intent


@admin.register(Intent)
class IntentAdmin(RecordedAdmin):
    """An intent with its keywords and replies; saving or deleting it leads back to its bot."""

    form = IntentForm
    list_display = ["name", "bot", "keyword_summary", "reply_summary"]
    list_filter = ["bot"]
    list_select_related = ["bot"]
    search_fields = ["name", "keywords__text", "replies__text"]
    inlines = [KeywordInline, ReplyInline, IntentNoMatchInline, IntentNoInputInline]
    fields = ["name", "bot", "position", "follows", "reply_order"]

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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Put a new intent behind those of the bot that the link names."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        bot_id = str(initial.get("bot", ""))
        if bot_id.isdecimal():
            last = Intent.objects.filter(bot_id=bot_id).aggregate(last=Max("position"))["last"]
            initial.setdefault("position", 0 if last is None else last + 1)
        return initial

    def get_deleted_objects(self, objs: Iterable[Intent], request: HttpRequest) -> Any:
        """Keep what others follow: without it, callers could mean its follow-ups at any time."""
        objs = list(objs)
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        followers = [
            f"“{name}” follows nothing else, and would be considered at any time. "
            "Have it follow another intent, or delete it first."
            for name in only_followers(objs)
        ]
        return deleted, counts, missing, [*protected, *followers]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        texts = form.instance.keywords.values_list("text", flat=True)
        warn_of_problems(request, form.instance.bot, texts)
        for warning in intent_warnings(form.instance):
            messages.warning(request, warning)

    def response_post_save_add(self, request: HttpRequest, obj: Intent) -> HttpResponseRedirect:
        return self._back_to_bot(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Intent) -> HttpResponseRedirect:
        return self._back_to_bot(request, obj) or super().response_post_save_change(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        intent = self.get_object(request, unquote(object_id))
        response = super().delete_view(request, object_id, extra_context)
        if intent is None or not isinstance(response, HttpResponseRedirect):
            return response
        return self._back_to_bot(request, intent) or response

    def _back_to_bot(self, request: HttpRequest, intent: Intent) -> HttpResponseRedirect | None:
        """Lead to the bot that the intent belongs to, unless the editor may not see bots."""
        if not self.admin_site.get_model_admin(Bot).has_view_permission(request):
            return None
        return HttpResponseRedirect(reverse("admin:chatbot_bot_change", args=[intent.bot_id]))
