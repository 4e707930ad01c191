"""What a page without scripts keeps of a trial."""

from chatbot import trial_log
from chatbot.explanation import Fact, Part
from chatbot.trial import Entry, Speaker

ENTRY = Entry(Speaker.BOT, "Hi.", (Fact("Intent", (Part("hello", 7), Part("!"))),), ("Done.",))


def test_log_is_read_as_it_was_written() -> None:
    """With all that was said about the answers."""
    assert trial_log.from_token(trial_log.to_token((ENTRY,))) == (ENTRY,)


def test_log_forgets_the_oldest() -> None:
    """A form has its limit; the newest is kept whatever its length."""
    long = Entry(Speaker.CALLER, "x" * trial_log.MAX_CHARACTERS)
    assert trial_log.from_token(trial_log.to_token((ENTRY, long))) == (long,)


def test_log_that_is_junk_is_empty() -> None:
    """It is only looked at: the dialogue goes on without."""
    assert trial_log.from_token("junk") == ()
