"""Who changed what in a bot, and how it was before; kept by django-reversion.

Whatever is saved or deleted while a revision is active (`with reversion.create_revision()`) is
recorded by itself. A revision that touches a part of a bot holds the whole of what it touched:
the bot's own row with the rows that hang on it, and each intent with its rows. So two revisions
can be compared, and an intent put back to how it was, by one revision alone.

What a shell or a command changes without a revision is recorded before the next change of the
same intent, or of the same bot's own fields, as a change outside the admin.
"""

from chatbot.history.changes import Change, Part, change_page_of, changes_of, changes_with
from chatbot.history.recording import OUTSIDE, about_to_change, connect
from chatbot.history.reverting import RevertError, revert

__all__ = [
    "OUTSIDE",
    "Change",
    "Part",
    "RevertError",
    "about_to_change",
    "change_page_of",
    "changes_of",
    "changes_with",
    "connect",
    "revert",
]
