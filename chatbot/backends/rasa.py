"""Rasa's REST channel: POST /webhooks/rest/webhook. Pure.

Source: rasa.com/docs/reference/channels/your-own-website, “REST Channel”. The answer is a list of
messages, each with a “text”, an “image”, “buttons”, an “attachment” or a “custom” object; an empty
list where the assistant has nothing to say. The titles of buttons are said, as what the caller can
choose from; a “custom” object {"action", "parameter"} asks for an action as the project's own
contract does.
"""

from collections.abc import Mapping
from types import MappingProxyType

from chatbot.backends.answers import AnswerBuilder, RemoteAnswer, RemoteAnswerError, kind, text_in

_SILENT: Mapping[str, str] = MappingProxyType(
    {"image": "an image cannot be said", "attachment": "an attachment cannot be said"}
)


def request_body(message: str, session: str, bot: str, language: str) -> dict[str, object]:
    """Return what is posted for one turn; custom actions of the assistant can read the metadata."""
    return {
        "sender": session,
        "message": message,
        "metadata": {"bot": bot, "language": language},
    }


def read(content: object) -> RemoteAnswer:
    """Return what an answer says and does. Raises RemoteAnswerError."""
    if not isinstance(content, list):
        raise RemoteAnswerError(
            f"sent an answer that is {kind(content)}, not a list of messages; its address ends "
            "in /webhooks/rest/webhook"
        )
    builder = AnswerBuilder()
    for number, message in enumerate(content, 1):
        where = f" in message {number}"
        if not isinstance(message, dict):
            raise RemoteAnswerError(f"sent an answer that{where} is {kind(message)}, not an object")
        builder.say(text_in(message, "text", where))
        _say_buttons(builder, message.get("buttons"), where)
        for member, sentence in _SILENT.items():
            if message.get(member):
                builder.refuse(sentence)
        _do_custom(builder, message.get("custom"), where)
    return builder.build()


def _say_buttons(builder: AnswerBuilder, buttons: object, where: str) -> None:
    if buttons is None:
        return
    if not isinstance(buttons, list):
        raise RemoteAnswerError(
            f"sent an answer whose “buttons”{where} are {kind(buttons)}, not a list"
        )
    titles = []
    for button in buttons:
        if not isinstance(button, dict):
            raise RemoteAnswerError(
                f"sent an answer with a button{where} that is {kind(button)}, not an object"
            )
        titles.append(text_in(button, "title", f" of a button{where}"))
    said = ", ".join(title.strip() for title in titles if title.strip())
    if said:
        builder.say(f"{said}.")


def _do_custom(builder: AnswerBuilder, custom: object, where: str) -> None:
    # Any JSON is allowed there, and what is not for us is no mistake of the sender.
    if custom is None:
        return
    if not isinstance(custom, dict) or "action" not in custom:
        builder.refuse("a custom message without an “action” cannot be said")
        return
    where = f" of the custom object{where}"
    builder.do(text_in(custom, "action", where), text_in(custom, "parameter", where))
