"""Pages about one bot that stand beside its form, such as the rehearsals."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from chatbot.models import Bot


@dataclass(frozen=True, slots=True)
class Summary:
    """What a page says of itself on the bot's own page; `is_good` is None where it is neither."""

    text: str
    is_good: bool | None = None


class BotPage:
    """One page: GET shows it, POST changes something. Registered by `register`.

    It lives at `…/bot/<id>/<name>/` and is named `admin:chatbot_bot_<name>`, with a hyphen in
    `name` as an underscore. Both methods are for those who have `permission`; POST asks for
    `change_permission` too.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    template: ClassVar[str]
    order: ClassVar[int] = 0
    """Where it stands in the row of pages, lower first."""
    permission: ClassVar[str] = "chatbot.view_bot"
    change_permission: ClassVar[str] = "chatbot.change_bot"

    def summary(self, request: HttpRequest, bot: Bot) -> Summary | None:
        """Return what the bot's own page says of this one, beside the link to it."""
        return None

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        """Return what the template shows."""
        return {}

    def get(self, request: HttpRequest, bot: Bot, site: admin.AdminSite) -> HttpResponseBase:
        """Return the page, or what a script of it asks for."""
        return self.render(request, bot, site)

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponseBase:
        """Do what the form on the page asks for. A page without forms has none."""
        return HttpResponse(status=405)

    # --- What every page has in common --------------------------------------------------------

    @classmethod
    def url_name(cls) -> str:
        return f"chatbot_bot_{cls.name.replace('-', '_')}"

    @classmethod
    def url(cls, bot: Bot) -> str:
        """Return where the page of a bot is."""
        return reverse(f"admin:{cls.url_name()}", args=[bot.pk])

    def may_view(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))

    def may_change(self, request: HttpRequest) -> bool:
        return self.may_view(request) and bool(request.user.has_perm(self.change_permission))

    def url_pattern(self, site: admin.AdminSite) -> URLPattern:
        view = require_http_methods(["GET", "HEAD", "POST"])(self._view(site))
        address = f"<int:bot_id>/{self.name}/"
        pattern: URLPattern = path(address, site.admin_view(view), name=self.url_name())
        return pattern

    def _view(self, site: admin.AdminSite) -> Any:
        def view(request: HttpRequest, bot_id: int) -> HttpResponseBase:
            may = self.may_change if request.method == "POST" else self.may_view
            if not may(request):
                raise PermissionDenied
            bot = get_object_or_404(Bot, pk=bot_id)
            if request.method == "POST":
                return self.post(request, bot)
            return self.get(request, bot, site)

        return view

    def render(
        self,
        request: HttpRequest,
        bot: Bot,
        site: admin.AdminSite = admin.site,
        extra: dict[str, Any] | None = None,
    ) -> TemplateResponse:
        """Return the page; `extra` adds to its context, such as a form with errors."""
        context = {
            **site.each_context(request),
            "title": self.title,
            "bot": bot,
            "opts": Bot._meta,
            "page": self,
            "may_change": self.may_change(request),
            "bot_pages": links(request, bot),
            **self.context(request, bot),
            **(extra or {}),
        }
        return TemplateResponse(request, self.template, context)


@dataclass(frozen=True, slots=True)
class Link:
    """A page as it is linked to from the others."""

    name: str
    title: str
    url: str
    summary: Summary | None = None


_pages: list[BotPage] = []


def register(page: type[BotPage]) -> type[BotPage]:
    """Add a page to every bot; for use as a decorator, by other apps too."""
    _pages.append(page())
    _pages.sort(key=lambda page: page.order)
    return page


def url_patterns(site: admin.AdminSite) -> list[URLPattern]:
    """Return where the pages are, below the address of the list of bots."""
    return [page.url_pattern(site) for page in _pages]


def links(request: HttpRequest, bot: Bot, *, with_summary: bool = False) -> list[Link]:
    """Return the pages that the user may see; the summaries cost queries."""
    return [
        Link(
            page.name,
            page.title,
            page.url(bot),
            page.summary(request, bot) if with_summary else None,
        )
        for page in _pages
        if page.may_view(request)
    ]
