"""Reads what the bot says: replies, and reprompts."""

from chatbot.actions import ACTIONS, NONE
from chatbot.bot_file.contents import Reprompts, Said
from chatbot.bot_file.reader import Reader, Section
from chatbot.bot_file.yaml_tree import Node, Scalar
from chatbot.models import Reply, Reprompt

ACTION_NAMES = tuple(name for name in ACTIONS if name != NONE)
"""The actions that a file can name."""

_KEYS = {"text": "text", "action": "action", "parameter": "with", "otherwise": "otherwise"}


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
            more = ("ends_thread",) if kind is None else ()
            section = self.section(node, what, (*_KEYS.values(), *more))
            if not section:
                return Said()
        said = Said(
            text=self.text_at(section, "text"),
            action=self.choice(section, "action", ACTION_NAMES),
            parameter=self.text_at(section, "with"),
            otherwise=self.text_at(section, "otherwise"),
            ends_thread=self.flag(section, "ends_thread"),
        )
        # An action or a text that could not be read has been told already.
        refused = "action" in section and not said.action
        if not refused:
            self._refuse_unused(section, said)
        if not said.text and not said.action and not refused:
            self.refuse(node, f"{what} must say or do something: write its “text” or its “action”.")
        values = {
            "text": said.text,
            "action": said.action,
            "parameter": said.parameter,
            "otherwise": said.otherwise,
        }
        row = Reply(**values) if kind is None else Reprompt(kind=kind, **values)
        self.check(row, section, node.line, _KEYS)
        return Said(said.text, said.action, row.parameter, row.otherwise, said.ends_thread)

    def _refuse_unused(self, section: Section, said: Said) -> None:
        """Refuse what the action has no use for; the forms take it out without a word."""
        action = ACTIONS[said.action]
        name = f"the action “{said.action}”" if said.action else "a text without an action"
        if "with" in section and action.parameter is None:
            self.refuse(section["with"], f"“with” is of no use to {name}. Take it out.")
        if "otherwise" in section and not (action.parameter and action.parameter.otherwise):
            self.refuse(section["otherwise"], f"“otherwise” is of no use to {name}. Take it out.")
