"""The forms by which members of the staff speak, transfer and hang up in a running call."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from calls.live.viewers import VIEW
from calls.models import Call, StaffAct
from calls.staff_acts import Asked, NotDone, staff_hang_up, staff_say
from calls.text import printable
from chatbot import ssml
from chatbot.phone_numbers import to_destination

CONTROL = "calls.control_call"
"""Who may speak, transfer and hang up in running calls."""

MOST_CHARACTERS = 1000
"""More than a minute of speech; a caller who is told so much has long stopped listening."""

Kind = StaffAct.Kind

DONE = {
    Kind.SAY: "The caller is being told.",
    Kind.TRANSFER: "The caller is being connected.",
    Kind.HANG_UP: "The call was ended.",
}


class ActForm(forms.Form):
    """One act. `text` is what is said, `number` whom the caller is connected to."""

    act = forms.ChoiceField(choices=Kind.choices)
    token = forms.RegexField(r"^[A-Za-z0-9_-]{16,64}$")
    text = forms.CharField(required=False)
    number = forms.CharField(required=False, max_length=255)

    def clean_text(self) -> str:
        text = printable(self.cleaned_data["text"])
        if len(text) > MOST_CHARACTERS:
            raise forms.ValidationError(
                f"The sentence has {len(text)} characters; {MOST_CHARACTERS} are the most."
            )
        if slips := ssml.problems(text):
            raise forms.ValidationError(slips)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        act = cleaned.get("act")
        if act == Kind.SAY and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "There is nothing to say: the sentence is empty.")
        if act == Kind.TRANSFER and "number" not in self.errors:
            try:
                cleaned["number"] = to_destination(cleaned.get("number", ""))
            except ValueError as error:
                self.add_error("number", str(error))
        return cleaned


def control_context(request: HttpRequest, call: Call) -> dict[str, Any]:
    """Return what the call's page needs for the forms; nothing where there are none."""
    if call.is_over or not may_control(request):
        return {}
    return {"act_token": new_token(), "most_characters": MOST_CHARACTERS}


def may_control(request: HttpRequest) -> bool:
    """Whether the user may read calls and take part in them."""
    return bool(request.user.has_perm(VIEW) and request.user.has_perm(CONTROL))


def new_token() -> str:
    """Return the token of a form that is sent once."""
    return secrets.token_urlsafe(24)


def control_call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Do what a form asks for, and stay at the call; a script gets JSON.

    JSON is {"said": …, "is_done": …, "token": …}: a sentence for the user, and the token of the
    form for the next time.
    """
    if not may_control(request):
        raise PermissionDenied
    if not Call.objects.filter(pk=call_id).exists():
        raise Http404
    try:
        said, is_done = _do(request, call_id), True
    except NotDone as refusal:
        said, is_done = str(refusal), False
    if "application/json" in request.headers.get("Accept", ""):
        answer = {"said": said, "is_done": is_done, "token": new_token()}
        return JsonResponse(answer, status=200 if is_done else 409)
    messages.add_message(request, messages.SUCCESS if is_done else messages.ERROR, said)
    return HttpResponseRedirect(reverse("admin:calls_call_change", args=[call_id]))


def _do(request: HttpRequest, call_id: int) -> str:
    """Do the act of a form; return what was done. Raises NotDone."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise NotDone(" ".join(str(error) for errors in form.errors.values() for error in errors))
    act, data = Kind(form.cleaned_data["act"]), form.cleaned_data
    if not request.user.is_authenticated:
        raise PermissionDenied
    asked = Asked(call_id, request.user, data["token"])
    match act:
        case Kind.SAY:
            staff_say(asked, text=data["text"])
        case Kind.TRANSFER:
            staff_say(asked, text=data["text"], number=data["number"])
        case Kind.HANG_UP:
            staff_hang_up(asked)
    return DONE[act]
