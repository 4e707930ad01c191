"""Who changed what in the bot, and one click that puts it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chatbot.admin.pages import BotPage, register
from chatbot.history import RevertError, change_page_of, changes_of, changes_with, revert
from chatbot.models import Bot

PAGE_SIZE = 20


@register
class HistoryPage(BotPage):
    """All changes of a bot and of its intents, newest first.

    `?change=<id>` opens the page on which that change stands.
    """

    name = "history"
    title = "History"
    template = "admin/chatbot/bot/history.html"
    order = 70

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        paginator = Paginator(changes_of(bot), PAGE_SIZE)
        page = paginator.get_page(self._page_number(request, bot))
        user = request.user
        return {
            "changes": changes_with(bot, page.object_list),
            "changes_page": page,
            "page_range": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "intent_ids": set(bot.intents.values_list("pk", flat=True)),
            "may_change_intents": user.has_perms(["chatbot.change_intent", "chatbot.add_intent"]),
            "may_view_intents": user.has_perm("chatbot.view_intent"),
        }

    def _page_number(self, request: HttpRequest, bot: Bot) -> str | int:
        change = request.GET.get("change", "")
        if change.isascii() and change.isdigit() and len(change) < 19:
            return change_page_of(bot, int(change), PAGE_SIZE)
        return request.GET.get("page", "1")

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponse:
        """Put back what the version that the form names holds."""
        version = request.POST.get("version", "")
        user = request.user
        if not isinstance(user, User):
            raise TypeError("Only the staff gets here.")
        try:
            is_id = version.isascii() and version.isdigit() and len(version) < 19
            messages.success(request, revert(bot, int(version) if is_id else 0, user))
        except RevertError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(self.url(bot))
