"""A call as plain text, to be copied into a letter or a report. Pure."""

from datetime import tzinfo

from calls.export.record import Record

WHO = {"caller": "Caller", "bot": "Bot"}


def as_text(record: Record, zone: tzinfo) -> str:
    """Return when and with whom the call was, and what was said, each with minutes and seconds."""
    began = record["started"].astimezone(zone)
    seconds = record["seconds"]
    lines = [
        f"Call of {began:%Y-%m-%d %H:%M:%S} ({zone})",
        f"Caller: {record['caller'] or 'unknown'}{' (a test)' if record['test'] else ''}",
        f"Number called: {record['number_called'] or 'unknown'}",
        f"Bot: {record['bot'] or 'deleted'}",
        f"Length: {'running' if seconds is None else clock(seconds)}",
        "",
    ]
    for turn in record["turns"]:
        said = turn["text"] or ("(no word could be made out)" if turn["who"] == "caller" else "")
        who = turn["staff"] or WHO.get(turn["who"], turn["who"])
        lines.append(f"{clock(turn['seconds_in'])}  {who:6}  {said}")
    return "\n".join(lines) + "\n"


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds, such as 03:07; before the begin is 00:00."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes:02}:{rest:02}"
