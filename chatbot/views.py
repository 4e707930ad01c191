"""`POST /message`: one message in, the bot's answer out, as JSON."""

import hmac
import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from chatbot import chat_sessions
from chatbot.answering import answer_now
from chatbot.loader import default_bot_id, load_script
from chatbot.models import Bot
from chatbot.script import Script

MAX_MESSAGE_LENGTH = 2000
MAX_NAME_LENGTH = 100


class ApiError(Exception):
    """A request that gets no answer: the status says whose fault it is, the text what to do."""

    def __init__(
        self, status: HTTPStatus, error: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers

    def response(self) -> JsonResponse:
        return JsonResponse({"error": self.error}, status=self.status, headers=self.headers)


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """The body of a request: `{"message": "..."}`.

    `session` names a dialogue that goes on from message to message; without it each message
    begins one of its own. `bot` names the bot to answer. Other members are ignored.
    """

    message: str
    session: str = ""
    bot: str = ""

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read a body. Raises ApiError that says what is wrong with it."""
        try:
            value = json.loads(body.decode("utf-8"))
        except UnicodeDecodeError:
            raise _bad_request("The body is not encoded in UTF-8.") from None
        except RecursionError:
            raise _bad_request("The body is nested too deeply.") from None
        except ValueError as error:  # also numbers of more digits than Python reads
            raise _bad_request(f"The body is not JSON: {error}.") from None
        if not isinstance(value, dict):
            raise _bad_request("The body is not a JSON object.")
        if "message" not in value:
            raise _bad_request("“message” is missing.")
        message = value["message"]
        if not isinstance(message, str):
            raise _bad_request("“message” is not a string.")
        if not message.strip():
            raise _bad_request("“message” is empty.")
        if len(message) > MAX_MESSAGE_LENGTH:
            raise _bad_request(f"“message” is longer than {MAX_MESSAGE_LENGTH} characters.")
        return cls(message, _name(value, "session"), _name(value, "bot"))


def _name(value: dict[str, object], member: str) -> str:
    """Return an optional member that names something. Raises ApiError."""
    name = value.get(member, "")
    if not isinstance(name, str):
        raise _bad_request(f"“{member}” is not a string.")
    if len(name) > MAX_NAME_LENGTH:
        raise _bad_request(f"“{member}” is longer than {MAX_NAME_LENGTH} characters.")
    if "\0" in name:
        raise _bad_request(f"“{member}” holds a NUL character.")
    return name


def _bad_request(what: str) -> ApiError:
    return ApiError(
        HTTPStatus.BAD_REQUEST, f'{what} Send a JSON object such as {{"message": "hello"}}.'
    )


@csrf_exempt  # a program calls it, with a key; no browser session is involved
def message(request: HttpRequest) -> JsonResponse:
    """Answer one message: as the telephone would, without what only a telephone can do."""
    try:
        _check_method(request)
        _check_key(request)
        return JsonResponse(_answer(MessageRequest.parse(_body(request))))
    except ApiError as error:
        return error.response()


def _check_method(request: HttpRequest) -> None:
    if request.method != "POST":
        raise ApiError(
            HTTPStatus.METHOD_NOT_ALLOWED,
            f"{request.method} is not supported here. Send a POST request.",
            {"Allow": "POST"},
        )


def _check_key(request: HttpRequest) -> None:
    """Let in who has the key; without a key in the settings, everybody while developing."""
    if not settings.CHATBOT_API_KEY:
        if settings.DEBUG:
            return
        raise ApiError(
            HTTPStatus.FORBIDDEN,
            "This address is closed. Set CHATBOT_API_KEY on the server to open it.",
        )
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    # Headers arrive as Latin-1 whatever the client meant; the bytes are what it sent.
    sent = key.strip().encode("latin-1", "replace")
    if scheme.lower() != "bearer" or not hmac.compare_digest(
        sent, settings.CHATBOT_API_KEY.encode()
    ):
        raise ApiError(
            HTTPStatus.UNAUTHORIZED,
            "The API key is missing or wrong. Send it as “Authorization: Bearer <key>”.",
            {"WWW-Authenticate": 'Bearer realm="chatbot"'},
        )


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            f"The body is too large. A message has at most {MAX_MESSAGE_LENGTH} characters.",
        ) from None


def _answer(request: MessageRequest) -> dict[str, str]:
    script = _script(request.bot)
    session = request.session or secrets.token_urlsafe(12)
    state = chat_sessions.resume(script.bot_id, request.session)
    answer, state = answer_now(script, state, request.message, now=timezone.now(), session=session)
    chat_sessions.keep(script.bot_id, request.session, state)
    content = {"text": answer.plain_text}
    if answer.action:
        content["action"] = answer.action
    if answer.parameter:
        content["parameter"] = answer.parameter
    return content


def _script(name: str) -> Script:
    """Return the script of a bot, by its name, or of the default bot. Raises ApiError."""
    if name:
        bot_id = Bot.objects.filter(name=name).order_by("pk").values_list("pk", flat=True).first()
        if bot_id is None:
            raise ApiError(HTTPStatus.NOT_FOUND, f"There is no bot named “{name}”.")
    else:
        bot_id = default_bot_id()
    try:
        script = load_script(bot_id) if bot_id is not None else None
    except Bot.DoesNotExist:  # deleted since the lines above
        script = None
    if script is None:
        raise ApiError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "There is no bot yet. Add one in the admin, or run “manage.py create_starter_bot”.",
        )
    return script
