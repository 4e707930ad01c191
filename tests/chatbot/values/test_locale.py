"""What is known of a language."""

import pytest

from chatbot.values.locale import locale_of, region_of


@pytest.mark.parametrize(
    ("language", "region"),
    [
        ("en-US", "US"),
        ("en-GB", "GB"),
        ("en", "US"),
        ("nl", "NL"),
        ("nl-BE", "BE"),
        ("cmn-Hans-CN", "CN"),
        ("nl-XQ", "NL"),
        ("xx", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_region_of(language: str, region: str | None) -> None:
    """A tag without a known region has that where most speak the language."""
    assert region_of(language) == region


def test_locale_of_an_unknown_region() -> None:
    """The language counts where its region is unknown."""
    locale = locale_of("nl-XQ")
    assert locale is not None
    assert locale.language == "nl"
