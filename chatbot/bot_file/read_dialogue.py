"""Reads what callers may say: intents, rehearsals and phrases to be ignored."""

from collections.abc import Iterable, Mapping

from chatbot.bot_file import yaml_tree as tree
from chatbot.bot_file.contents import IntentContents, LineContents, RehearsalContents
from chatbot.bot_file.problems import suggestion
from chatbot.bot_file.read_said import ACTION_NAMES, SaidReader
from chatbot.bot_file.reader import Section
from chatbot.bot_file.yaml_tree import Node, Scalar
from chatbot.models import IgnoredPhrase, Intent, Keyword, Rehearsal, RehearsalLine


class DialogueReader(SaidReader):
    """Reads the sections of a file that are lists."""

    def intents(self, section: Section) -> tuple[IntentContents, ...]:
        nodes = self.items(section, "intents")
        names = self._names(nodes, "An intent")
        places = {name: place for place, name in reversed(list(enumerate(names)))}
        return tuple(
            self._intent(node, name, places) for node, name in zip(nodes, names, strict=True)
        )

    def rehearsals(self, section: Section) -> tuple[RehearsalContents, ...]:
        nodes = self.items(section, "rehearsals")
        names = self._names(nodes, "A rehearsal")
        rehearsals = []
        for node, name in zip(nodes, names, strict=True):
            inner = self.section(node, "A rehearsal", ("name", "lines"))
            if isinstance(node, tree.Mapping):
                self.text_at(inner, "name")
                row = Rehearsal(name=name.replace("\0", ""))
                self.check(row, inner, node.line, {"name": "name"})
            lines = tuple(self._line(item) for item in self.items(inner, "lines"))
            rehearsals.append(RehearsalContents(name, lines))
        return tuple(sorted(rehearsals, key=lambda rehearsal: rehearsal.name))

    def ignored_phrases(self, section: Section) -> tuple[str, ...]:
        phrases: set[str] = set()
        for node in self.items(section, "ignored_phrases"):
            text = self.text(node, "An ignored phrase")
            if text in phrases:
                self.refuse(node, f"“{text}” stands here twice. Keep one of them.")
            phrases.add(text)
            self.check(IgnoredPhrase(text=text), {}, node.line, {"text": ""})
        return tuple(sorted(phrases))

    def _names(self, nodes: Iterable[Node], what: str) -> list[str]:
        """Return the names of intents or rehearsals, and refuse one that is there twice."""
        names: list[str] = []
        first_lines: dict[str, int] = {}
        for node in nodes:
            items = node.items if isinstance(node, tree.Mapping) else []
            name_node = next((value for key, value in items if key.text == "name"), None)
            name = name_node.text if isinstance(name_node, Scalar) else ""
            names.append(name)
            if not name:
                continue  # told when the row is checked
            line = name_node.line if name_node is not None else node.line
            first = first_lines.setdefault(name, line)
            if first != line:
                self.refuse(
                    line, f"{what} named “{name}” is there already, in line {first}. Rename one."
                )
        return names

    def _intent(self, node: Node, name: str, places: Mapping[str, int]) -> IntentContents:
        keys = ("name", "follows", "keywords", "reply_order", "replies", "reprompts")
        section = self.section(node, "An intent", keys)
        if not isinstance(node, tree.Mapping):
            return IntentContents("")
        order = self.choice(section, "reply_order", Intent.ReplyOrder.values)
        self.text_at(section, "name")
        self.check(Intent(name=name.replace("\0", "")), section, node.line, {"name": "name"})
        return IntentContents(
            name=name,
            keywords=tuple(self._keyword(item) for item in self.items(section, "keywords")),
            replies=self.said_rows(section, "replies"),
            follows=self._follows(section, places),
            reply_order=order or Intent.ReplyOrder.IN_TURN.value,
            reprompts=self.reprompts(section),
        )

    def _follows(self, section: Section, places: Mapping[str, int]) -> tuple[str, ...]:
        followed = set()
        for node in self.items(section, "follows"):
            name = self.text(node, "The name of an intent")
            if name not in places:
                known = [other for other in places if other]
                self.refuse(node, f"There is no intent “{name}” to follow{_like(name, known)}")
            elif name in followed:
                self.refuse(node, f"“{name}” stands here twice. Keep one of them.")
            followed.add(name)
        return tuple(sorted(followed & places.keys(), key=lambda name: places[name]))

    def _keyword(self, node: Node) -> str:
        text = self.text(node, "A keyword")
        if isinstance(node, Scalar):
            if not text and node.is_plain:
                self.refuse(node, 'There is no keyword here. Put quotes around keys such as "#".')
            else:
                self.check(Keyword(text=text), {}, node.line, {"text": ""})
        return text

    def _line(self, node: Node) -> LineContents:
        section = self.section(node, "A line of a rehearsal", ("says", "intent", "reply", "action"))
        line = LineContents(
            says=self.text_at(section, "says"),
            intent=self.text_at(section, "intent"),
            reply=self.text_at(section, "reply"),
            action=self.choice(section, "action", ACTION_NAMES),
        )
        row = RehearsalLine(
            says=line.says, intent_name=line.intent, reply=line.reply, action=line.action
        )
        keys = {"says": "says", "intent_name": "intent", "reply": "reply", "action": "action"}
        self.check(row, section, node.line, keys)
        return line


def _like(name: str, known: list[str]) -> str:
    """Return a suggestion; of many names that are not alike, none is listed."""
    told = suggestion(name, known)
    return told if told.startswith(";") or len(known) <= 10 else "."
