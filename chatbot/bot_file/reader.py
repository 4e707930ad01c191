"""Takes values out of the tree of a file, and gathers what is wrong with them."""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db.models import Model

from chatbot.bot_file import yaml_tree as tree
from chatbot.bot_file.problems import Problem, suggestion
from chatbot.bot_file.yaml_tree import Node, Scalar

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_NOTHING = "Nothing is written here. Write a text."
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}

Section = Mapping[str, Node]
"""The values of a mapping by their key, each key once."""


class Reader:
    """What is not as it should be becomes a problem, and reading goes on with a stand-in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, node: Node | int, text: str) -> None:
        """Add a problem, at a node or a line."""
        self.problems.append(Problem(node if isinstance(node, int) else node.line, text))

    def section(self, node: Node, what: str, known: Iterable[str] | None = None) -> Section:
        """Return a mapping by its keys; `known` are those that there are, None where any is."""
        if not isinstance(node, tree.Mapping):
            self.refuse(node, f"{what} must be keys with values, such as “name: hello”.")
            return {}
        section: dict[str, Node] = {}
        known = None if known is None else tuple(known)
        for key, value in node.items:
            name = self.text(key, what)
            if known is not None and name not in known:
                self.refuse(key, f"“{name}” is not known here{suggestion(name, known)}")
            elif name in section:
                self.refuse(key, f"“{name}” stands here twice. Keep one of them.")
            else:
                section[name] = value
        return section

    def items(self, section: Section, key: str) -> list[Node]:
        """Return the list that a key holds; without the key, or with nothing there, none."""
        node = section.get(key)
        if node is None or (isinstance(node, Scalar) and node.is_plain and not node.text):
            return []
        if not isinstance(node, tree.Sequence):
            self.refuse(
                node,
                f"“{key}” must be a list, each item on a line of its own that begins with “- ”.",
            )
            return []
        return node.items

    def text(self, node: Node, what: str) -> str:
        """Return a text as it is written, be it like a number to others."""
        if not isinstance(node, Scalar):
            self.refuse(
                node,
                f"{what} must be a text. Put quotes around a text that begins with {{ or [ "
                "or has “: ” in it.",
            )
            return ""
        # The database takes no zero character.
        if "\0" in node.text:
            self.refuse(node, f"{what} has the character U+0000 in it. Take it out.")
            return node.text.replace("\0", "")
        return node.text

    def text_at(self, section: Section, key: str) -> str:
        """Return the text that a key holds, an empty one without the key."""
        node = section.get(key)
        return "" if node is None else self.text(node, f"“{key}”")

    def number(self, node: Node, what: str) -> int | None:
        """Return a whole number."""
        text = self.text(node, what)
        if _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        if isinstance(node, Scalar):
            self.refuse(node, f"{what} must be a whole number, not “{text}”.")
        return None

    def flag(self, section: Section, key: str) -> bool:
        """Return whether a key says so; without the key it does not."""
        node = section.get(key)
        if node is None:
            return False
        text = self.text(node, f"“{key}”")
        value = _FLAGS.get(text.lower())
        if value is None and isinstance(node, Scalar):
            self.refuse(node, f"“{key}” must be true or false, not “{text}”.")
        return bool(value)

    def choice(self, section: Section, key: str, known: Iterable[str]) -> str:
        """Return one of the known values; an empty text without the key, or for another value."""
        text = self.text_at(section, key)
        known = tuple(known)
        if not text or text in known:
            return text
        self.refuse(section[key], f"“{text}” is no {key}{suggestion(text, known)}")
        return ""

    def check(self, row: Model, section: Section, line: int, keys: Mapping[str, str]) -> None:
        """Check a row as the forms of the admin do.

        `keys` has the fields to check and the keys that they come from; a fault is told at its
        key, or at `line` where the key is not there.
        """
        errors: dict[str, list[str]] = {}
        fields = {field.name: field for field in row._meta.concrete_fields}
        excluded = fields.keys() - keys.keys()
        try:
            row.full_clean(exclude=excluded, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            errors = {name: _sentences(faults) for name, faults in error.error_dict.items()}
        for name in keys:
            # The model leaves the length of its texts to the forms.
            limit, value = getattr(fields[name], "max_length", None), getattr(row, name)
            if limit is not None and isinstance(value, str) and len(value) > limit:
                errors[name] = [f"It has {len(value)} characters; {limit} fit. Shorten it."]
        for name, messages in errors.items():
            key = keys.get(name, "")
            node = section.get(key)
            where = f"“{key}”: " if key else ""
            for message in messages:
                if message == _NOTHING and node is None and key:
                    self.refuse(line, f"“{key}” is missing here. Write it.")
                else:
                    self.refuse(line if node is None else node, f"{where}{message}")


def _sentences(faults: Iterable[ValidationError]) -> list[str]:
    """Return what a person is told; an empty text is no field to them."""
    return [
        _NOTHING if fault.code == "blank" else str(message)
        for fault in faults
        for message in fault.messages
    ]
