"""The project's own contract with a chatbot elsewhere. Pure.

Posted is {"message", "session", "bot", "language"}: what the caller said, the id that stays the
same throughout a conversation, the name of the bot, and a language tag such as “en-US”. The answer
is {"text", "action", "parameter"}, each of which may be missing, or a list of such objects, said
one after the other. Other members are ignored, so that either side can add some.
"""

from chatbot.backends.answers import AnswerBuilder, RemoteAnswer, RemoteAnswerError, kind, text_in


def request_body(message: str, session: str, bot: str, language: str) -> dict[str, object]:
    """Return what is posted for one turn."""
    return {"message": message, "session": session, "bot": bot, "language": language}


def read(content: object) -> RemoteAnswer:
    """Return what an answer says and does; an empty one does neither.

    Raises RemoteAnswerError.
    """
    if content is None:
        return RemoteAnswer()
    is_list = isinstance(content, list)
    messages = content if isinstance(content, list) else [content]
    builder = AnswerBuilder()
    for number, message in enumerate(messages, 1):
        where = f" in message {number}" if is_list else ""
        if not isinstance(message, dict):
            raise RemoteAnswerError(
                f"sent an answer that{where} is {kind(message)}, "
                'not an object such as {"text": "Hello"}'
            )
        builder.say(text_in(message, "text", where))
        builder.do(text_in(message, "action", where), text_in(message, "parameter", where))
    return builder.build()
