"""Is anything that the bot says too long for the voice, or for the caller? Pure."""

import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

from chatbot import ssml
from chatbot.bot_checks import jumps
from chatbot.bot_checks.places import rows, texts
from chatbot.bot_checks.problem import Place, Problem, Severity
from chatbot.dialogue import MAX_JUMPS
from chatbot.hearing import Hearing
from chatbot.script import Script, ScriptIntent, ScriptReply

CHARACTERS_AT_ONCE: Final = {"Polly": 3000, "Google": 5000}
"""What a voice says at once, by its maker: twilio.com/docs/api/errors/13521."""

BASIC_CHARACTERS_AT_ONCE: Final = 4096
"""What any other voice says at once."""

MARKUP_COUNTS: Final = frozenset({"Google"})
"""The makers whose limit counts the markup of a text, and not its words alone: the same page."""

ENCODED_CHARACTERS_AT_ONCE: Final = 4500
"""What any voice takes, counted as in an address (“é” is %C3%A9): the same page."""

DOCUMENT_CHARACTERS: Final = 4000
"""What one update of a call takes, as XML: twilio.com/docs/api/errors/32018."""

REST_OF_DOCUMENT: Final = 400
"""What such an update has around the text: the voice, and where the call goes on."""

CHARACTERS_A_SECOND: Final = 12.5
"""How fast a voice speaks: 10 to 15 characters a second."""

MAX_SECONDS: Final = 30
"""Nobody listens longer than this to one answer."""


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find texts that the voice cannot say at once, and those that no caller hears out."""
    problem = partial(_problem, voice=script.voice)
    for text in texts(script):
        yield from problem(text.place, text.text)
    edges = jumps.jumps(script)
    for row in rows(script):
        said, onward = row.said.text, ""
        if row.intent is not None:
            onward = _longest_onward(script, row.intent, row.said, edges)
        yield from problem(row.place, ssml.join([said, onward]), onward=bool(onward))
        yield from problem(row.place, row.said.otherwise)


def seconds(text: str) -> float:
    """Estimate how long a voice takes to say a text."""
    # A character of Chinese or Japanese is a syllable or two, about three letters.
    weight = sum(3 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return weight / CHARACTERS_A_SECOND


def _problem(place: Place, text: str, *, voice: str, onward: bool = False) -> Iterator[Problem]:
    """Yield the worst that there is to say of a text; `onward` tells that others follow in it."""
    whole = "The text, with that of the intent it goes to," if onward else "The text"
    maker = voice.partition(".")[0]
    at_once = CHARACTERS_AT_ONCE.get(maker, BASIC_CHARACTERS_AT_ONCE)
    document = len(text if ssml.is_ssml(text) else escape(text))
    if maker not in MARKUP_COUNTS:
        text = ssml.plain(text)
    encoded = len(quote_plus(text, errors="replace"))
    if len(text) > at_once:
        yield Problem(
            Severity.ERROR,
            place,
            f"{whole} has {len(text):,} characters; the voice says {at_once:,} at once.",
            "Callers hear it in pieces, or not to its end.",
            "Shorten it, or have the bot ask something in between.",
        )
    elif encoded > ENCODED_CHARACTERS_AT_ONCE:
        yield Problem(
            Severity.ERROR,
            place,
            f"{whole} is too long for the voice: the letters of this language count several "
            f"times, and make {encoded:,} of at most {ENCODED_CHARACTERS_AT_ONCE:,} characters.",
            "Callers do not hear it to its end.",
            f"Shorten it to about {len(text) * ENCODED_CHARACTERS_AT_ONCE // encoded} characters.",
        )
    elif document + REST_OF_DOCUMENT > DOCUMENT_CHARACTERS:
        yield Problem(
            Severity.WARNING,
            place,
            f"{whole} has {len(text):,} characters, too many to be sent into a call at once.",
            "Callers wait a moment longer before they hear it.",
            f"Shorten it to {DOCUMENT_CHARACTERS - REST_OF_DOCUMENT:,} characters.",
        )
    elif (lasts := seconds(ssml.plain(text))) > MAX_SECONDS:
        yield Problem(
            Severity.WARNING,
            place,
            f"{whole} takes about {lasts:.0f} seconds to say, at {CHARACTERS_A_SECOND} "
            f"characters a second; more than {MAX_SECONDS} is long.",
            "Callers stop listening, or hang up.",
            "Say the most important part, and let callers ask for the rest.",
        )


def _longest_onward(
    script: Script, intent: ScriptIntent, reply: ScriptReply, edges: jumps.Jumps
) -> str:
    """Return the longest text that the intents after a reply may add to it."""
    targets = {
        target for index, target in edges.get(intent.id, ()) if intent.replies[index] is reply
    }
    longest = ""
    said = dict.fromkeys(targets, "")
    for _ in range(MAX_JUMPS - 1):
        onward: dict[int, str] = {}
        for id, before in said.items():
            other = script.intents_by_id[id]
            goes_on = dict(edges.get(id, ()))
            for index, next_reply in enumerate(other.replies):
                text = ssml.join([before, next_reply.text])
                target = goes_on.get(index)
                if target is None:
                    longest = max(longest, text, key=len)
                else:
                    onward[target] = max(onward.get(target, ""), text, key=len)
        said = onward
    return longest
