"""Answers a turn to its end, asking whoever else is to be asked: for messages and in the admin.

On the telephone `calls` does the same steps, with the record of the call between them.
"""

from datetime import datetime

from asgiref.sync import async_to_sync

from chatbot import dialogue, outside
from chatbot.answers import Answer, Question, Reaction, Unanswered
from chatbot.backends import BACKENDS
from chatbot.backends.answers import RemoteAnswerError
from chatbot.outside import OutsideError, OutsideRequest
from chatbot.script import Script
from chatbot.state import State


async def ask(question: Question) -> Reaction:
    """Ask whoever is to be asked, within the question's deadline. Never raises for their faults."""
    request = OutsideRequest(
        url=question.url,
        body=question.body,
        deadline_seconds=question.deadline_seconds,
        secret=question.secret,
        may_be_private=question.may_be_private,
    )
    try:
        reply = await outside.post(request)
        return BACKENDS[question.protocol].read(reply.content)
    except (OutsideError, RemoteAnswerError) as error:
        return Unanswered(str(error))


async def answer(
    script: Script, state: State, text: str, *, now: datetime, session: str
) -> tuple[Answer, State]:
    """Answer what was said, whoever has to be asked for it."""
    outcome, state = dialogue.respond(script, state, text, now=now, session=session)
    if isinstance(outcome, Question):
        return dialogue.conclude(script, state, outcome, await ask(outcome))
    return outcome, state


answer_now = async_to_sync(answer)
"""`answer` for code that runs in a thread of its own."""
