"""Rows of digits, “double four seven”: too many to be listed, so the grammar has a loop of them."""

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
IN_ROWS = (*DIGITS, "oh")
REPEATS = ("double", "triple")
WORDS = frozenset((*IN_ROWS, *REPEATS))

LONGEST = 12
"""The most digits of a row, a repeated one counted once."""

# A digit that follows another has to explain its sounds well: with an even chance the engine hears
# further digits, “two” and “eight” above all, in the beginnings and ends of those that were said.
_CHANCE_OF_MORE = 1e-7


def is_row(path: tuple[str, ...]) -> bool:
    """Say whether words are a row of digits, each perhaps repeated."""
    follows_repeat = False
    for word in path:
        if word not in (IN_ROWS if follows_repeat else WORDS):
            return False
        follows_repeat = word in REPEATS
    return bool(path) and not follows_repeat


def transitions(fresh: int) -> list[tuple[int, int, float, str]]:
    """Give the ways from state 0 to state 1, over states from `fresh` on."""
    steps: list[tuple[int, int, float, str]] = []
    state = 0
    for place in range(LONGEST):
        chance = 1.0 if place == 0 else _CHANCE_OF_MORE
        repeated, following = fresh, fresh + 1
        fresh += 2
        ends = (1, following) if place + 1 < LONGEST else (1,)
        steps += [(state, repeated, chance, word) for word in REPEATS]
        steps += [(state, end, chance, word) for end in ends for word in IN_ROWS]
        steps += [(repeated, end, 1.0, word) for end in ends for word in IN_ROWS]
        state = following
    return steps
