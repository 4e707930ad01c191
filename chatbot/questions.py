"""What is asked of somebody elsewhere before a turn can be answered. Pure."""

from collections.abc import Mapping

from chatbot import backends
from chatbot.answers import Answer, Question
from chatbot.script import Script

POST_SECONDS = 4.0
"""How long an outside address may take to answer a turn: the caller waits in silence."""


def to_remote(script: Script, text: str, session: str, instead: Answer) -> Question:
    """Return what the chatbot that answers for the bot is asked; `instead` is said without it.

    Raises ValueError where the bot answers for itself.
    """
    remote = script.remote
    if remote is None:
        raise ValueError("The bot has no chatbot elsewhere.")
    backend = backends.BACKENDS[remote.protocol]
    return Question(
        url=remote.url,
        body=backend.request_body(text, session, script.name, script.language),
        protocol=remote.protocol,
        deadline_seconds=remote.deadline_seconds,
        secret=remote.secret,
        may_be_private=True,
        instead=instead,
        text=instead.text,
    )


def of_reply(
    script: Script,
    text: str,
    session: str,
    values: Mapping[str, str],
    url: str,
    instead: Answer,
    text_if_silent: str,
) -> Question:
    """Return what a reply asks an address; `text_if_silent` is said where the answer has none."""
    match = instead.match
    body: dict[str, object] = {
        **backends.BACKENDS["http"].request_body(text, session, script.name, script.language),
        "intent": match.intent if match else "",
        "keyword": match.keyword if match else "",
        "values": dict(values),
    }
    return Question(
        url=url,
        body=body,
        protocol="http",
        deadline_seconds=POST_SECONDS,
        secret=script.secret,
        may_be_private=False,
        instead=instead,
        text=text_if_silent,
    )
