"""What is on record, in words for those who read calls. Pure."""

from chatbot import actions
from chatbot.actions.base import Directive, Hangup, Play, SendText, Transfer


def action_words(action: str, parameter: str) -> str:
    """Return what the bot does once it has spoken, such as "then hangs up"; empty for nothing.

    An action that is no more, or does nothing on the line, is named as the editor knows it.
    """
    known = actions.ACTIONS.get(action)
    done = known.directives(parameter) if known is not None else ()
    if done:
        return f"then {' and '.join(map(_words, done))}"
    label = known.label if known is not None else action
    return f"{label}: {parameter}" if parameter else label if action else ""


def _words(directive: Directive) -> str:
    match directive:
        case Hangup():
            return "hangs up"
        case Transfer(number):
            return f"connects the caller to {number}"
        case Play(url):
            return f"plays the recording {url}"
        case SendText(text):
            return f"sends the caller the SMS “{text}”"


def percent(share: float) -> str:
    """Return a share in 0..1 as whole percents."""
    return f"{share:.0%}"
