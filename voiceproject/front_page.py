"""What the front page leads to: for each member of the staff what he may see, the usual first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, ClassVar

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from calls.models import Call
from calls.phone.bots import is_offered_to
from chatbot.admin import pages
from chatbot.models import Bot

BOTS_SHOWN = 5
"""Of how many bots the state is told, which takes some ten queries each."""

LAST_CALLS = 5


@dataclass(frozen=True, slots=True)
class BotState:
    """A bot, and the pages about it with what they say of themselves."""

    bot: Bot
    pages: Sequence[pages.Link]


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go, with a word about what is there."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A part of the product: its lists, and what its template shows besides."""

    template: ClassVar[str] = "admin/front_page/door.html"
    name: str
    title: str
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class BotsDoor(Door):
    template: ClassVar[str] = "admin/front_page/bots.html"
    bots: Sequence[BotState] = field(default=())
    more: int = 0
    """How many bots there are that are not shown."""


@dataclass(frozen=True, slots=True)
class CallsDoor(Door):
    template: ClassVar[str] = "admin/front_page/calls.html"
    running: int = 0
    running_url: str = ""
    today: int = 0
    last: Sequence[Call] = field(default=())


def doors(request: HttpRequest, site: AdminSite) -> list[Door]:
    """Return what a member of the staff may open: bots first for who writes them, else calls."""
    apps = {app["app_label"]: app for app in site.get_app_list(request)}
    found: list[Door] = []
    if request.user.has_perm("chatbot.view_bot"):
        found.append(_bots(request, apps["chatbot"]))
    if request.user.has_perm("calls.view_call"):
        found.append(_calls(apps["calls"]))
    if not request.user.has_perm("chatbot.change_bot"):
        found.reverse()
    if is_offered_to(request.user):
        links = [Link("Call a bot from this browser", reverse("phone"))]
        found.append(Door("phone", "Phone", links))
    if "auth" in apps:
        found.append(Door("auth", "Users and groups", list(_lists(apps["auth"]))))
    return found


def _bots(request: HttpRequest, app: dict[str, Any]) -> BotsDoor:
    links = list(_lists(app))
    if request.user.has_perm("chatbot.add_bot"):
        links.append(Link("Add bot", reverse("admin:chatbot_bot_add")))
    bots = Bot.objects.prefetch_related("phone_numbers")[:BOTS_SHOWN]
    states = [BotState(bot, pages.links(request, bot, with_summary=True)) for bot in bots]
    more = Bot.objects.count() - len(states)
    return BotsDoor("bots", "Bots", links, states, more)


def _calls(app: dict[str, Any]) -> CallsDoor:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return CallsDoor(
        "calls",
        "Calls",
        [Link("All calls", reverse("admin:calls_call_changelist"))],
        running=Call.objects.filter(ended_at=None).count(),
        running_url=reverse("admin:calls_call_now"),
        today=Call.objects.filter(started_at__gte=midnight).count(),
        last=list(Call.objects.select_related("bot")[:LAST_CALLS]),
    )


def _lists(app: dict[str, Any]) -> Iterator[Link]:
    for model in app["models"]:
        if model["admin_url"]:
            yield Link(f"All {str(model['name']).lower()}", model["admin_url"])
