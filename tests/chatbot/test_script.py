"""A bot as frozen values."""

import subprocess
import sys

import pytest

from tests.chatbot.bots import make_intent, make_script


def test_hints_keep_the_editors_spelling_and_order() -> None:
    """Hints are the keywords as written, in the order of the intents."""
    script = make_script(make_intent(1, "Café", "tea"), make_intent(2, "Not good"))
    assert script.hints == ("Café", "tea", "Not good")


def test_hints_name_the_same_words_once() -> None:
    """Of keywords that are the same words, the first is the hint."""
    script = make_script(make_intent(1, "Don't"), make_intent(2, "dont", "tea"))
    assert script.hints == ("Don't", "tea")


def test_matcher_is_built_once() -> None:
    """The index over the keywords is kept with the script."""
    script = make_script(make_intent(1, "tea"))
    assert script.matcher is script.matcher


def test_script_is_frozen() -> None:
    """A script that calls share cannot be changed."""
    with pytest.raises(AttributeError):
        make_script().greeting = "Other"


def test_pure_modules_import_neither_django_nor_asyncio() -> None:
    """Script, matching and dialogue work without the framework and the event loop."""
    check = (
        "import sys, chatbot.script, chatbot.matching, chatbot.dialogue;"
        "print([name for name in ('django', 'asyncio') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
