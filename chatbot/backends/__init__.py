"""Chatbots elsewhere that may answer instead of the bot's own intents. Pure.

Each protocol is one file with `request_body`, what is posted for a turn, and `read`, what the
answer to that says and does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chatbot.backends import contract, rasa
from chatbot.backends.answers import RemoteAnswer


@dataclass(frozen=True, slots=True)
class Backend:
    """One protocol, with its `label` for the admin.

    `request_body` takes message, session, bot and language. `read` takes the decoded JSON of the
    answer, None for an empty one, and raises RemoteAnswerError.
    """

    label: str
    request_body: Callable[[str, str, str, str], dict[str, object]]
    read: Callable[[object], RemoteAnswer]


BACKENDS: Mapping[str, Backend] = MappingProxyType(
    {
        "http": Backend("a chatbot elsewhere, by HTTP", contract.request_body, contract.read),
        "rasa": Backend("a Rasa server, by its REST channel", rasa.request_body, rasa.read),
    }
)
"""Every protocol by its name, which is kept with the bot."""
