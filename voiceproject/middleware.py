"""Middleware of the project."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def healthz(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer the liveness probe: the process lives.

    Before anything else, because probes ask by address and ALLOWED_HOSTS would refuse them; and
    without the database and Redis, because a hiccup there is no reason to end live calls.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz" and request.method in {"GET", "HEAD"}:
            return HttpResponse("ok\n", content_type="text/plain")
        return get_response(request)

    return answer
