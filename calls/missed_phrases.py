"""What callers of a bot said that it did not understand, or barely, as phrases to learn from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp2

from django.db.models import OuterRef, Q, QuerySet, Subquery
from rapidfuzz import fuzz, process

from calls.caller_numbers import without_number
from calls.models import Turn
from chatbot.actions.goto import GoToAction
from chatbot.answers import Rule
from chatbot.dialogue import MAX_JUMPS
from chatbot.matching import Match, Matching, MatchKind
from chatbot.models import Bot, IgnoredPhrase
from chatbot.normalise import normalise
from chatbot.script import Script

DAYS = 90
"""How far back is looked."""

MAX_TURNS = 5000
"""How many missed turns, the newest ones, are looked at."""

MAX_PHRASES = 1000
"""How many phrases are listed; the others move up as the bot learns these."""

BARELY = 0.9
"""A near match that is less alike is one by luck: the editor may want to make it sure."""

ALIKE = 80
"""How alike phrases of one group are at least, in percent of their letters."""

WORDS_ALIKE = 75
"""How alike the words are in which they differ: “fish” and “fishes”, not “cancel” and “change”."""

_HALF_LIFE = timedelta(days=14)
_MAX_KEY_LENGTH = 500
_SHORT = 2


@dataclass(frozen=True, slots=True)
class MissedPhrase:
    """What callers said in the same words.

    `words` are normalised and tell one phrase from another, `said` is how it was said last,
    without the caller's number. `weight` counts each time it was said, by half after two weeks,
    by a quarter after four. `nearest` is what the bot as it is now takes it for or nearly does,
    one match for each intent, the best first.
    """

    words: str
    said: str
    count: int
    last_at: datetime
    weight: float
    nearest: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class MissedGroup:
    """Phrases that are alike, the one said most of late first."""

    phrases: tuple[MissedPhrase, ...]

    @property
    def first(self) -> MissedPhrase:
        """The phrase that stands for the group."""
        return self.phrases[0]

    @property
    def others(self) -> tuple[MissedPhrase, ...]:
        return self.phrases[1:]

    @property
    def count(self) -> int:
        """How often one of them was said."""
        return sum(phrase.count for phrase in self.phrases)

    @property
    def last_at(self) -> datetime:
        """When one of them was said last."""
        return max(phrase.last_at for phrase in self.phrases)

    @property
    def weight(self) -> float:
        return sum(phrase.weight for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class MissedPhrases:
    """The groups, those said most of late first; `is_cut` where there are more phrases."""

    groups: tuple[MissedGroup, ...]
    is_cut: bool


def missed_phrases(script: Script, now: datetime) -> MissedPhrases:
    """Return what callers of the last 90 days said in vain, and would say in vain today.

    What the bot as it is now understands is left out, and so is what an editor ignored. Two
    queries, whatever the number of calls.
    """
    ignored = set(IgnoredPhrase.objects.filter(bot_id=script.bot_id).values_list("text", flat=True))
    said: dict[str, list[_Said]] = defaultdict(list)
    for turn in _read(script.bot_id, now):
        if turn.words and turn.words not in ignored:
            said[turn.words].append(turn)
    by_weight = sorted(said.values(), key=lambda turns: -_weight(turns, now))
    phrases: list[MissedPhrase] = []
    is_cut = False
    for turns in by_weight:
        phrase = _still_missed(script, turns, now)
        if phrase is None:
            continue
        if len(phrases) == MAX_PHRASES:
            is_cut = True
            break
        phrases.append(phrase)
    groups = sorted(_grouped(phrases), key=lambda group: -group.weight)
    return MissedPhrases(tuple(groups), is_cut)


def phrases_ignore(bot: Bot, phrases: Iterable[str]) -> int:
    """Leave phrases out of the list from now on; return how many that are."""
    keys = {key for phrase in phrases if (key := phrase_key(phrase))}
    IgnoredPhrase.objects.bulk_create(
        [IgnoredPhrase(bot=bot, text=key) for key in sorted(keys)], ignore_conflicts=True
    )
    return len(keys)


def phrase_key(text: str) -> str:
    """Return the normalised words of a phrase, by which it is told from others."""
    return " ".join(normalise(text))[:_MAX_KEY_LENGTH]


def understands(script: Script, text: str, after: int | None, now: datetime) -> bool:
    """Whether the bot surely understands a text, right after the intent with the id `after`."""
    return _missed_matching(script, text, after, now) is None


# --- What was said ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """One missed turn; `after` is the intent that was answered last before it, by id."""

    words: str
    shown: str
    text: str
    at: datetime
    after: int | None


def _read(bot_id: int, now: datetime) -> Iterator[_Said]:
    for text, at, number, after in _missed_turns(bot_id, now):
        shown = without_number(text, number)
        yield _Said(phrase_key(shown), shown.strip(), text, at, after)


def _missed_turns(bot_id: int, now: datetime) -> QuerySet[Turn, tuple[str, datetime, str, int]]:
    """Return the newest missed turns: text, time, the caller's number and the context."""
    before = Turn.objects.filter(
        call=OuterRef("call"), number__lt=OuterRef("number"), intent__isnull=False
    ).order_by("-number")
    is_missed = Q(rule=Rule.NO_MATCH) | Q(match_kind=MatchKind.NEAR, match_score__lt=BARELY)
    return (
        Turn.objects.filter(
            is_missed,
            call__bot_id=bot_id,
            call__started_at__gte=now - timedelta(days=DAYS),
            role=Turn.Role.CALLER,
        )
        .order_by("-call__started_at", "-call_id", "-number")
        .values_list("text", "at", "call__from_number", Subquery(before.values("intent_id")[:1]))[
            :MAX_TURNS
        ]
    )


def _weight(turns: Iterable[_Said], now: datetime) -> float:
    return sum(exp2((turn.at - now) / _HALF_LIFE) for turn in turns)


# --- What the bot makes of it now -------------------------------------------------------------


def _still_missed(script: Script, turns: list[_Said], now: datetime) -> MissedPhrase | None:
    """Return the phrase for those of its turns that would be missed today, None without any.

    Newest first, as the turns come. In another context the same words may be understood.
    """
    known: dict[int | None, Matching | None] = {}
    missed: list[tuple[_Said, Matching]] = []
    for turn in turns:
        after = _context(script, turn.after)
        if after not in known:
            known[after] = _missed_matching(script, turn.text, after, now)
        matching = known[after]
        if matching is not None:
            missed.append((turn, matching))
    if not missed:
        return None
    newest, matching = missed[0]
    still = [turn for turn, _ in missed]
    return MissedPhrase(
        words=newest.words,
        said=newest.shown,
        count=len(still),
        last_at=max(turn.at for turn in still),
        weight=_weight(still, now),
        nearest=tuple(filter(None, [matching.best, *matching.runners_up])),
    )


def _missed_matching(
    script: Script, text: str, after: int | None, now: datetime
) -> Matching | None:
    """Return what a text is like, or None where the bot surely understands it."""
    if script.commands.find(text) is not None:
        return None
    matching = script.matcher.find(text, after=after, today=script.local(now).date())
    best = matching.best
    is_sure = best is not None and (best.kind is not MatchKind.NEAR or best.score >= BARELY)
    return None if is_sure else matching


def _context(script: Script, answered: int | None) -> int | None:
    """Return the intent whose follow-ups are considered once `answered` was; both by id.

    Of several replies the first decides: which one was given is not on record.
    """
    intent = script.intents_by_id.get(answered) if answered is not None else None
    for _ in range(MAX_JUMPS):
        if intent is None or not intent.replies:
            break
        reply = intent.replies[0]
        if reply.action != GoToAction.name:
            return None if reply.ends_thread else intent.id
        intent = script.intents_by_name.get(reply.parameter)
    return intent.id if intent is not None else None


# --- Groups -----------------------------------------------------------------------------------


def _grouped(phrases: list[MissedPhrase]) -> Iterator[MissedGroup]:
    """Put each phrase to the one, of those with more weight, that it is most like."""
    heads: list[str] = []
    members: list[list[MissedPhrase]] = []
    for phrase in phrases:
        close = process.extract(phrase.words, heads, scorer=fuzz.ratio, score_cutoff=ALIKE)
        place = next((place for head, _, place in close if _is_alike(head, phrase.words)), None)
        if place is None:
            heads.append(phrase.words)
            members.append([phrase])
        else:
            members[place].append(phrase)
    return (MissedGroup(tuple(group)) for group in members)


def _is_alike(one: str, other: str) -> bool:
    """Whether phrases that have most letters in common may mean the same.

    One more word of a letter or two, such as “a” or “um”, does not matter.
    """
    ones, others = one.split(), other.split()
    only_one = "".join(word for word in ones if word not in others)
    only_other = "".join(word for word in others if word not in ones)
    if not only_one or not only_other:
        return len(only_one + only_other) <= _SHORT
    return fuzz.ratio(only_one, only_other) >= WORDS_ALIKE
