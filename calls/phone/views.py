"""The page of the phone."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from calls.phone import bots, messages
from chatbot.loader import default_bot_id

KEYS = (
    ("1", ""),
    ("2", "ABC"),
    ("3", "DEF"),
    ("4", "GHI"),
    ("5", "JKL"),
    ("6", "MNO"),
    ("7", "PQRS"),
    ("8", "TUV"),
    ("9", "WXYZ"),
    ("*", ""),
    ("0", "+"),
    ("#", ""),
)
"""The keys of a telephone, and the letters on them."""


@require_GET
def phone_page(request: HttpRequest) -> HttpResponse:
    """Show the phone to a member of the staff; others sign in first."""
    if not settings.PHONE:
        raise Http404("The phone is switched off: set PHONE=true.")
    if not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if not bots.may_phone(request.user):
        raise PermissionDenied
    choices = bots.bots_for(request.user)
    asked_for = request.GET.get("bot", "")
    ids = {str(bot.pk): bot.pk for bot in choices}
    context = {
        **admin.site.each_context(request),
        "title": "Phone",
        "bots": choices,
        # Unless another is asked for, the one that answers callers whose number is nobody's.
        "chosen": ids.get(asked_for) or default_bot_id(),
        "caller_number": bots.CALLER_NUMBER,
        "number_pattern": messages.NUMBER,
        "no_number": messages.NO_NUMBER,
        "keys": KEYS,
        "may_view_calls": request.user.has_perm("calls.view_call"),
    }
    return render(request, "phone/phone.html", context)
