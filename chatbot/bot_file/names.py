"""Bots by what a person calls them."""

from chatbot.models import Bot


def bot_named(name: str) -> Bot:
    """Return the bot of a name or, where none has that name, of a number.

    Raises ValueError with a sentence for the person.
    """
    found = list(Bot.objects.filter(name=name)[:20])
    if not found and name.isdecimal() and len(name) < 10:
        found = list(Bot.objects.filter(pk=int(name)))
    if not found:
        raise ValueError(f"There is no bot “{name}”.")
    if len(found) > 1:
        numbers = ", ".join(str(bot.pk) for bot in found)
        raise ValueError(f"Several bots are named “{name}”. Give the number of one: {numbers}.")
    return found[0]
