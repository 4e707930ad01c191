"""What callers are heard saying."""

from chatbot.hearing import Hearing


def repeat(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Say what the check was told."""
    return [f"{text} {language} {pronunciations}"]


def complain(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Find the same fault in every keyword."""
    return ["Odd."]


def problems(keyword: str, hearing: Hearing) -> list[str]:
    return hearing.keyword_problems(keyword, "en-US", [("hi", "HH AY")])


def test_hearing_asks_the_checks_about_a_keyword() -> None:
    """A check knows all that the recognizer will know."""
    assert problems("hello", Hearing((repeat,))) == ["hello en-US [('hi', 'HH AY')]"]


def test_hearing_asks_about_the_words_around_a_blank() -> None:
    """The name of the blank is said by nobody."""
    found = problems("call me {name} please", Hearing((repeat,)))
    assert [sentence.partition(" en-US")[0] for sentence in found] == ["call me", "please"]


def test_hearing_says_each_sentence_once() -> None:
    """However many words and checks there are."""
    assert problems("call me {name} please", Hearing((complain, complain))) == ["Odd."]


def test_hearing_asks_about_no_keys() -> None:
    """Keys are pressed; a number can be said, too."""
    assert problems("*", Hearing((complain,))) == []
    assert problems("112", Hearing((complain,))) == ["Odd."]


def test_hearing_of_only_expected_phrases() -> None:
    """A recognizer that hears any word has no checks."""
    assert Hearing((complain,)).only_expected
    assert not Hearing().only_expected
