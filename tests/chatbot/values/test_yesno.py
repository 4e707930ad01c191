"""Yes or no."""

import pytest

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
