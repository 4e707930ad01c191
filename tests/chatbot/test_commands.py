"""What a caller can always say."""

import pytest

from chatbot.commands import Command, Commands


@pytest.mark.parametrize(
    ("language", "said", "command"),
    [
        ("en-US", "Repeat!", Command.REPEAT),
        ("en-US", "please say that again", Command.REPEAT),
        ("en-US", "sorry, could you repeat that please?", Command.REPEAT),
        ("en-US", "what did you say", Command.REPEAT),
        ("en-US", "I want to repeat my order", None),
        ("en-US", "could you please", None),
        ("en-US", "give me an operator", Command.AGENT),
        ("en-US", "hello", None),
        ("en-US", "", None),
        ("nl-NL", "nog een keer alstublieft", Command.REPEAT),
        ("nl-NL", "kunt u dat herhalen", Command.REPEAT),
        ("nl-NL", "sorry, wat zei u?", Command.REPEAT),
        ("nl-NL", "wilt u het nog een keer zeggen alstublieft", Command.REPEAT),
        ("nl-NL", "mag ik een medewerker spreken", Command.AGENT),
        ("sv-SE", "operator", Command.AGENT),
    ],
)
def test_commands_are_found_in_their_language(
    language: str, said: str, command: Command | None
) -> None:
    """To repeat is all of the utterance; a person may be named anywhere in it."""
    assert Commands(language, may_transfer=True).find(said) is command


def test_command_may_be_unfinished() -> None:
    """Who says the first words of one may go on; what is complete begins no other."""
    commands = Commands("en-US", may_transfer=True)
    texts = ["say that", "repeat", "please", "", "say that again", "operator", "again"]
    assert [text for text in texts if commands.is_unfinished(text)] == ["say that", "repeat"]


def test_person_may_have_to_be_all_that_is_said() -> None:
    """A chatbot elsewhere answers all else."""
    commands = Commands("en-US", may_transfer=True)
    assert commands.find("the tour operator", whole=True) is None
    assert commands.find("operator please", whole=True) is Command.AGENT


def test_person_cannot_be_asked_for_without_a_number() -> None:
    """Nor is the recognizer told to expect it."""
    commands = Commands("en-US", may_transfer=False)
    assert commands.find("operator") is None
    assert commands.hints == ("repeat",)
