"""A file read into contents: checked whole, as the forms of the admin check each row."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time

from chatbot.bot_file import yaml_tree as tree
from chatbot.bot_file.contents import BOT_FIELDS, CONNECTION_FIELDS, WEEKDAYS, BotContents
from chatbot.bot_file.defaults import BOT_DEFAULTS
from chatbot.bot_file.problems import BotFileError, Problem
from chatbot.bot_file.read_dialogue import DialogueReader
from chatbot.bot_file.reader import Section
from chatbot.bot_file.write import FORMAT
from chatbot.bot_file.yaml_tree import Node, Scalar
from chatbot.models import Bot, ClosedDay, OpeningTime, Pronunciation, recognizers
from chatbot.opening_hours import OpenFrom

MAX_BYTES = 2_000_000
"""The largest file that is read."""

_SECTIONS = (
    "opening_hours",
    "closed_days",
    "reprompts",
    "pronunciations",
    "intents",
    "rehearsals",
    "ignored_phrases",
)

_CHOICES: Mapping[str, Callable[[], Iterable[str]]] = {
    "backend": lambda: Bot.Backend.values,
    "line": lambda: Bot.Line.values,
    "second_recognizer": lambda: (name for name, _ in recognizers()),
}
"""The fields of which only some values are known."""


def read(data: bytes, *, connection: Mapping[str, str | int] | None = None) -> BotContents:
    """Return the bot that a file holds. Raises BotFileError with everything that is wrong in it.

    `connection` is for users who may not connect a bot to a chatbot elsewhere: the values of
    CONNECTION_FIELDS that the file must leave as they are. Without it, any will do.
    """
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise BotFileError([Problem(0, f"The file is larger than {limit}, the most that is read.")])
    root = tree.parse(data)
    reader = _BotReader()
    contents = reader.bot(root)
    if connection is not None:
        reader.keep_connection(root, contents, connection)
    if reader.problems:
        raise BotFileError(reader.problems)
    return contents


class _BotReader(DialogueReader):
    """Reads a whole bot."""

    def bot(self, root: Node) -> BotContents:
        section = self.section(root, "The file", ("format", *BOT_FIELDS, *_SECTIONS))
        if isinstance(root, tree.Mapping):
            self._format(section, root.line)
        return BotContents(
            fields=self._fields(section, root.line),
            opening_hours=self._opening_hours(section),
            closed_days=self._closed_days(section),
            pronunciations=self._pronunciations(section),
            reprompts=self.reprompts(section),
            intents=self.intents(section),
            rehearsals=self.rehearsals(section),
            ignored_phrases=self.ignored_phrases(section),
        )

    def keep_connection(
        self, root: Node, contents: BotContents, connection: Mapping[str, str | int]
    ) -> None:
        """Refuse another connection to a chatbot elsewhere than the bot has."""
        lines = (
            {key.text: key.line for key, _ in root.items} if isinstance(root, tree.Mapping) else {}
        )
        for key in CONNECTION_FIELDS:
            if contents.fields[key] != connection[key]:
                self.refuse(
                    lines.get(key, root.line),
                    f"“{key}” changes which chatbot answers, which you may not. "
                    f"Write “{key}: {connection[key]}”, or ask somebody who may connect bots.",
                )

    def _format(self, section: Section, line: int) -> None:
        node = section.get("format")
        if node is None:
            self.refuse(line, f"A bot begins with “format: {FORMAT}”. Write that line first.")
        elif self.text(node, "“format”") != str(FORMAT):
            self.refuse(node, f"Only format {FORMAT} is known here. Write “format: {FORMAT}”.")

    def _fields(self, section: Section, line: int) -> dict[str, str | int]:
        fields = dict(BOT_DEFAULTS)
        for name, default in BOT_DEFAULTS.items():
            node = section.get(name)
            if node is None:
                continue
            if isinstance(default, bool):
                fields[name] = self.flag(section, name)
            elif isinstance(default, int):
                number = self.number(node, f"“{name}”")
                fields[name] = default if number is None else number
            elif name in _CHOICES:
                fields[name] = self.choice(section, name, _CHOICES[name]()) or default
            else:
                fields[name] = self.text(node, f"“{name}”")
        bot = Bot(**fields)
        # A fault of the type has been told; what is checked then is the stand-in.
        self.check(bot, section, line, {name: name for name in BOT_FIELDS})
        return fields

    def _opening_hours(self, section: Section) -> tuple[OpenFrom, ...]:
        node = section.get("opening_hours")
        if node is None:
            return ()
        stretches = []
        for day, hours in self.section(node, "“opening_hours”", WEEKDAYS).items():
            for text in self.text(hours, f"“{day}”").split(","):
                stretch = self._stretch(WEEKDAYS.index(day), text, hours)
                stretches.extend([] if stretch is None else [stretch])
        return tuple(
            sorted(stretches, key=lambda stretch: (stretch.weekday, stretch.opens, stretch.closes))
        )

    def _stretch(self, weekday: int, text: str, node: Node) -> OpenFrom | None:
        opens, _, closes = text.replace("–", "-").partition("-")
        try:
            stretch = OpenFrom(weekday, _time(opens), _time(closes))
        except ValueError:
            if isinstance(node, Scalar):
                self.refuse(node, f"“{text.strip()}” are no hours. Write them such as 09:00-17:30.")
            return None
        row = OpeningTime(weekday=weekday, opens=stretch.opens, closes=stretch.closes)
        self.check(row, {}, node.line, {"weekday": "", "opens": "", "closes": ""})
        return stretch

    def _closed_days(self, section: Section) -> tuple[tuple[date, str], ...]:
        node = section.get("closed_days")
        if node is None:
            return ()
        days: dict[date, str] = {}
        if not isinstance(node, tree.Mapping):
            self.refuse(
                node, "“closed_days” must be days with names, such as “2026-12-25: Christmas”."
            )
            return ()
        for key, value in node.items:
            name = self.text(value, f"“{key.text}”")
            try:
                day = date.fromisoformat(key.text)
            except ValueError:
                self.refuse(key, f"“{key.text}” is no day. Write it such as 2026-12-25.")
                continue
            if day in days:
                self.refuse(key, f"“{key.text}” stands here twice. Keep one of them.")
            days[day] = name
            self.check(ClosedDay(day=day, name=name), {}, value.line, {"day": "", "name": ""})
        return tuple(sorted(days.items()))

    def _pronunciations(self, section: Section) -> tuple[tuple[str, str], ...]:
        node = section.get("pronunciations")
        if node is None:
            return ()
        pairs = []
        for word, value in self.section(node, "“pronunciations”").items():
            nodes = value.items if isinstance(value, tree.Sequence) else [value]
            seen: set[str] = set()
            for phones_node in nodes:
                phones = self.text(phones_node, f"“{word}”")
                if phones in seen:
                    self.refuse(phones_node, f"“{word}” already has the pronunciation “{phones}”.")
                seen.add(phones)
                pairs.append((word, phones))
                row = Pronunciation(word=word, phones=phones)
                self.check(row, {}, phones_node.line, {"word": "", "phones": ""})
        return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _time(text: str) -> time:
    """Read “9:00” or “09:00”, without a time zone. Raises ValueError."""
    moment = time.fromisoformat(text.strip().rjust(5, "0"))
    if moment.tzinfo is not None:
        raise ValueError(text)
    return moment
