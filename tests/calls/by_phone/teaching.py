"""What an editor saves, in a few words; each row is checked as a form of the admin checks it."""

from channels.db import database_sync_to_async

from calls.models import Turn
from chatbot.models import Bot, Intent, Keyword, Reply, Reprompt


@database_sync_to_async
def teach(
    keyword: str, text: str = "", action: str = "", parameter: str = "", otherwise: str = ""
) -> None:
    """Add an intent with one keyword and one reply to the first bot."""
    intent = Intent(bot=Bot.objects.earliest("pk"), name=keyword)
    intent.full_clean()
    intent.save()
    said = {"text": text, "action": action, "parameter": parameter, "otherwise": otherwise}
    for row in (Keyword(intent=intent, text=keyword), Reply(intent=intent, **said)):
        row.full_clean()
        row.save()


@database_sync_to_async
def escalate(kind: str, *rows: tuple[str, str, str], intent: str = "") -> None:
    """Add what the first bot, or an intent of it, says at a second miss or silence, a third, …

    `rows` are text, action and parameter. Those of an intent begin at the first miss.
    """
    owner = {"intent": Intent.objects.get(name=intent)} if intent else {"bot": Bot.objects.get()}
    for position, (text, action, parameter) in enumerate(rows):
        row = Reprompt(
            **owner, kind=kind, position=position, text=text, action=action, parameter=parameter
        )
        row.full_clean()
        row.save()


@database_sync_to_async
def configure(**fields: object) -> None:
    """Change fields of the first bot."""
    bot = Bot.objects.earliest("pk")
    for name, value in fields.items():
        setattr(bot, name, value)
    bot.full_clean()
    bot.save()


@database_sync_to_async
def turns(sid: str) -> list[Turn]:
    """Return the turns of a call, in their order."""
    return list(Turn.objects.filter(call__sid=sid).order_by("number"))
