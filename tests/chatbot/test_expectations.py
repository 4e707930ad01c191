"""What a reply has callers say next."""

from chatbot.expectations import ANYTHING, Expectation, choices


def test_expectation_as_an_editor_wrote_it() -> None:
    """One phrase a line; empty lines are none."""
    assert Expectation.of("yesno", " Main Street \n\nHigh Street", "", "").phrases == (
        "Main Street",
        "High Street",
    )


def test_hints_name_the_own_phrases_first() -> None:
    """They are the most likely ones; what the kind typically holds comes after them."""
    hints = list(Expectation("digits", ("my number is",)).hints("en-US"))
    assert hints[:3] == ["my number is", "zero", "one"]


def test_hints_are_in_the_language_of_the_bot() -> None:
    """Callers answer as they are asked."""
    assert "maandag" in Expectation("date").hints("nl-NL")


def test_hints_are_in_the_other_language_where_one_is_expected() -> None:
    """The bot asks for it, whatever its own is."""
    assert list(Expectation("yesno", language="nl-NL").hints("en-US"))[:2] == ["ja", "nee"]


def test_hints_of_a_kind_that_there_is_not_any_more() -> None:
    """What an older version kept with a call names nothing to listen for, and is no fault."""
    assert list(Expectation("colour").hints("en-US")) == []


def test_anything_has_no_hints() -> None:
    """Without an expectation the keywords are all."""
    assert list(ANYTHING.hints("en-US")) == []


def test_choices_leave_out_what_cannot_be_foreseen() -> None:
    """An editor can expect each kind of which words are known, or nothing beside the keywords."""
    assert [name for name, _ in choices()] == [
        "",
        "digits",
        "number",
        "date",
        "time",
        "phone",
        "yesno",
    ]
