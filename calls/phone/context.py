"""What every page is told of the phone."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from calls.phone import bots


def phone(request: HttpRequest) -> dict[str, object]:
    """Return whether the page is to lead to the phone; asked of the database only where it is."""
    return {"may_phone": SimpleLazyObject(lambda: bots.is_offered_to(request.user))}
