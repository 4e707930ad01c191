"""A whole bot as one YAML file that people can read, edit and keep beside their other texts.

    contents   a bot's words and numbers as frozen values, without ids        pure
    yaml_tree  bytes -> tree whose every node knows its line                  pure
    yaml_text  nested values -> YAML                                          pure
    read       file -> contents, or every problem of the file with its line
    write      contents -> file
    rows       database -> contents
    save       contents -> database: a new bot, a copy, or in the place of another
    changes    what differs between two contents, in words                    pure

A file has no ids, versions, secrets or telephone numbers of the bot: those belong to the
installation. What has its default value is left out. Writing what was read gives the same bytes.
"""

from chatbot.bot_file.changes import describe_changes
from chatbot.bot_file.contents import BotContents
from chatbot.bot_file.defaults import without_connection
from chatbot.bot_file.problems import BotFileError, Problem
from chatbot.bot_file.read import MAX_BYTES, read
from chatbot.bot_file.rows import bot_contents
from chatbot.bot_file.save import bot_copy, bot_create, bot_replace
from chatbot.bot_file.write import write

__all__ = [
    "MAX_BYTES",
    "BotContents",
    "BotFileError",
    "Problem",
    "bot_contents",
    "bot_copy",
    "bot_create",
    "bot_replace",
    "describe_changes",
    "read",
    "without_connection",
    "write",
]
