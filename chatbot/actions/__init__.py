"""The actions that a reply may have: each file of this folder but `base` holds one.

Pure: imports neither Django nor asyncio.
"""

import inspect
import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import MappingProxyType
from typing import Final

from chatbot.actions.base import Action, Directive, Hangup

NONE: Final = ""
HANGUP: Final = "hangup"
REPEAT: Final = "repeat"
POST: Final = "post"
TRANSFER: Final = "transfer"


def _found() -> Iterable[Action]:
    """Find the actions in the files beside this one."""
    for module in pkgutil.iter_modules(__path__):
        if module.name == "base":
            continue
        members = vars(import_module(f"{__name__}.{module.name}")).values()
        for member in members:
            is_action = inspect.isclass(member) and issubclass(member, Action)
            if is_action and member is not Action:
                yield member()


ACTIONS = MappingProxyType(
    {
        action.name: action
        for action in sorted([Action(), *_found()], key=lambda action: action.order)
    }
)
"""Every action by its name, in the order in which the editor chooses from them."""


def choices() -> list[tuple[str, str]]:
    """Return the actions as the choices of a form field."""
    return [(action.name, action.label) for action in ACTIONS.values()]


def directives(action: str, parameter: str) -> tuple[Directive, ...]:
    """Return what the line does for an action. Raises KeyError where there is no such action."""
    return ACTIONS[action].directives(parameter)


def hangs_up(action: str) -> bool:
    """Whether the call ends once the answer is spoken."""
    return any(isinstance(directive, Hangup) for directive in directives(action, ""))
