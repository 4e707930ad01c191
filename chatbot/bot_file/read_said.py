"""Reads what the bot says: replies, and reprompts."""

from dataclasses import replace

from chatbot.actions import ACTIONS, NONE
from chatbot.bot_file.bulk import expectation_fields, said_fields
from chatbot.bot_file.contents import Reprompts, Said
from chatbot.bot_file.reader import Reader, Section
from chatbot.bot_file.yaml_tree import Node, Scalar
from chatbot.expectations import Expectation, choices
from chatbot.manner import Manner
from chatbot.models import Reply, Reprompt

ACTION_NAMES = tuple(name for name in ACTIONS if name != NONE)
"""The actions that a file can name."""

_KEYS = {
    "text": "text",
    "action": "action",
    "parameter": "with",
    "otherwise": "otherwise",
    "voice": "voice",
    "speed": "speed",
    "is_uninterruptible": "uninterruptible",
}
_REPLY_KEYS = {
    "ends_thread": "ends_thread",
    "expects": "expects",
    "expected_phrases": "expected_phrases",
    "expects_language": "expects_language",
    "expects_model": "expects_model",
}
"""The keys that a reply has beside."""


class SaidReader(Reader):
    """Reads rows of what the bot says and does."""

    def reprompts(self, section: Section) -> Reprompts:
        node = section.get("reprompts")
        if node is None:
            return Reprompts()
        kinds = self.section(node, "“reprompts”", ("no_match", "no_input"))
        return Reprompts(
            no_match=self.said_rows(kinds, "no_match", Reprompt.Kind.NO_MATCH),
            no_input=self.said_rows(kinds, "no_input", Reprompt.Kind.NO_INPUT),
        )

    def said_rows(
        self, section: Section, key: str, kind: Reprompt.Kind | None = None
    ) -> tuple[Said, ...]:
        return tuple(self._said(node, kind) for node in self.items(section, key))

    def _said(self, node: Node, kind: Reprompt.Kind | None) -> Said:
        """Read a reply, or a reprompt of a kind."""
        what = "A reply" if kind is None else "A reprompt"
        if isinstance(node, Scalar):
            section: Section = {"text": node}
        else:
            more = _REPLY_KEYS.values() if kind is None else ()
            section = self.section(node, what, (*_KEYS.values(), *more))
            if not section:
                return Said()
        said = Said(
            text=self.text_at(section, "text"),
            action=self.choice(section, "action", ACTION_NAMES),
            parameter=self.text_at(section, "with"),
            otherwise=self.text_at(section, "otherwise"),
            ends_thread=self.flag(section, "ends_thread"),
            manner=self._manner(section),
            expects=self._expectation(section),
        )
        # An action or a text that could not be read has been told already.
        refused = "action" in section and not said.action
        if not refused:
            self._refuse_unused(section, said)
        if not said.text and not said.action and not refused:
            self.refuse(node, f"{what} must say or do something: write its “text” or its “action”.")
        row: Reply | Reprompt
        if kind is None:
            row = Reply(**said_fields(said), **expectation_fields(said))
            self.check(row, section, node.line, {**_KEYS, **_REPLY_KEYS})
        else:
            row = Reprompt(kind=kind, **said_fields(said))
            self.check(row, section, node.line, _KEYS)
        return replace(said, parameter=row.parameter, otherwise=row.otherwise)

    def _manner(self, section: Section) -> Manner:
        speed = section.get("speed")
        return Manner(
            voice=self.text_at(section, "voice"),
            speed=None if speed is None else self.number(speed, "“speed”"),
            is_uninterruptible=self.flag(section, "uninterruptible"),
        )

    def _expectation(self, section: Section) -> Expectation:
        known = [kind for kind, _ in choices() if kind]
        lines = (self.text(node, "A phrase") for node in self.items(section, "expected_phrases"))
        return Expectation.of(
            self.choice(section, "expects", known),
            "\n".join(lines),
            self.text_at(section, "expects_language"),
            self.text_at(section, "expects_model"),
        )

    def _refuse_unused(self, section: Section, said: Said) -> None:
        """Refuse what the action has no use for; the forms take it out without a word."""
        action = ACTIONS[said.action]
        name = f"the action “{said.action}”" if said.action else "a text without an action"
        if "with" in section and action.parameter is None:
            self.refuse(section["with"], f"“with” is of no use to {name}. Take it out.")
        if "otherwise" in section and not (action.parameter and action.parameter.otherwise):
            self.refuse(section["otherwise"], f"“otherwise” is of no use to {name}. Take it out.")
