"""Yes or no."""

import pytest

from chatbot.values import KINDS
from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("yes", "en-US", "yes"),
        ("Yeah!", "en-US", "yes"),
        ("yep", "en-US", "yes"),
        ("sure", "en-US", "yes"),
        ("yes please", "en-US", "yes"),
        ("of course", "en-US", "yes"),
        ("that's right", "en-US", "yes"),
        ("I do", "en-US", "yes"),
        ("no", "en-US", "no"),
        ("No, no, no.", "en-US", "no"),
        ("no thanks", "en-US", "no"),
        ("not really", "en-US", "no"),
        ("I don’t", "en-US", "no"),
        ("of course not", "en-US", "no"),
        ("ja", "nl-NL", "yes"),
        ("ja hoor", "nl-NL", "yes"),
        ("jazeker", "nl-NL", "yes"),
        ("dat klopt", "nl-NL", "yes"),
        ("oké", "nl-NL", "yes"),
        ("nee", "nl-NL", "no"),
        ("nee hoor", "nl-NL", "no"),
        ("nee, dank u wel", "nl-NL", "no"),
        ("zeker niet", "nl-NL", "no"),
        ("dat klopt niet", "nl-NL", "no"),
        ("sí", "es-ES", "yes"),
        ("não", "pt-BR", "no"),
        ("yes", "ja-JP", "yes"),
    ],
)
def test_yesno_reads(text: str, language: str, answer: str) -> None:
    """Each language has its words; those of English's answers are known everywhere."""
    assert canonical("yesno", text, language) == answer


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en-US"),
        ("hello", "en-US"),
        ("yes no", "en-US"),
        ("please", "en-US"),
        ("thanks", "en-US"),
        ("no problem", "en-US"),
        ("I don’t know", "en-US"),
        ("I'm not sure", "en-US"),
        ("never mind", "en-US"),
        ("niet", "nl-NL"),
        ("dat weet ik niet", "nl-NL"),
        ("yes 5", "en-US"),
        ("1", "en-US"),
        ("hoor", "nl-NL"),
        ("ja nee", "nl-NL"),
        ("はい", "ja-JP"),
    ],
)
def test_yesno_refuses(text: str, language: str) -> None:
    """Both answers, politeness alone and any other word answer nothing."""
    assert canonical("yesno", text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [("yeah", "en-US", "yes"), ("ja hoor", "nl-NL", "ja"), ("nee", "nl-NL", "nee"),
     ("yes", "ja-JP", "yes")],
)  # fmt: skip
def test_yesno_spoken(text: str, language: str, said: str) -> None:
    """An answer is said in the bot's language, or as the caller said it."""
    assert said_again("yesno", text, language) == said


@pytest.mark.parametrize(
    ("before", "said", "after", "language"),
    [
        ("", "yes", "I want that", "en-US"),
        ("well then", "no", "", "en-US"),
        ("", "I do", "", "en-US"),
        ("so", "that is right", "", "en-US"),
        ("", "nee", "dat weet ik zeker", "nl-NL"),
    ],
)
def test_yesno_stands(before: str, said: str, after: str, language: str) -> None:
    """A plain answer is one among other words, and any answer where it is all that is said."""
    assert KINDS["yesno"].stands(before, said, after, language)


@pytest.mark.parametrize(
    ("before", "said", "after", "language"),
    [
        ("", "right", "now", "en-US"),
        ("", "I don't", "want that", "en-US"),
        ("what time", "it is", "", "en-US"),
        ("", "no", "problem", "en-US"),
        ("I have", "no", "account", "en-US"),
        ("I am not", "sure", "", "en-US"),
        ("dat weet ik niet", "zeker", "", "nl-NL"),
        ("no lo sé, pero", "claro", "", "es-ES"),
    ],
)
def test_yesno_does_not_stand(before: str, said: str, after: str, language: str) -> None:
    """What is an answer alone may be part of something else."""
    assert not KINDS["yesno"].stands(before, said, after, language)
