"""What a call does next that hears audio of our own: mostly, it opens the next stream.

Twilio asks when the stream is closed. What the bot has yet to say stays pending on record, and
the session of the next stream says it; what follows the last words is done here.
"""

from dataclasses import replace
from datetime import datetime

from calls.models import Call, Turn
from calls.step import Step, hang_up, speech_of, stream_issue
from calls.transcript import dialogue_state
from calls.turns_due import after_lost_stream, after_transfer, last_said, transfer_ended, unanswered
from chatbot.script import Script

PENDING = Turn.Delivery.PENDING

RETRY_SECONDS = 2
"""The pause before another stream is opened where the last could not be.

The server that refused it is stopping, perhaps, and without a pause all attempts would be made
before it is gone.
"""


def connect(call: Call, script: Script) -> Step:
    """Open a stream; its session says what is pending, and listens."""
    speech = speech_of(script, Turn(role=Turn.Role.BOT))
    return Step(speech, script.silence_seconds, stream_issue(call), is_connected=True)


def next_step(
    call: Call, script: Script, *, is_repeated: bool, dial_status: str, now: datetime
) -> Step:
    """Decide what the call does whose stream is closed, or was never opened."""
    # Being asked says so; the process that held the stream may be dead, or be told by Twilio late.
    call.streams.filter(opened_at__isnull=False, closed_at=None).update(
        closed_at=now, close_reason="the call went on"
    )
    if dial_status and (transfer := transfer_ended(call)) is not None:
        turn = after_transfer(call, script, transfer, dial_status, PENDING)
        return connect(call, script) if turn is not None else hang_up(script)
    said = last_said(call)
    if said is not None and said.delivery == Turn.Delivery.SPOKEN:
        said.delivery = Turn.Delivery.SENT
        said.save(update_fields=["delivery"])
        return _follow(call, script, said)
    if said is not None and is_repeated and said.delivery == Turn.Delivery.SENT:
        return _follow(call, script, said)
    if said is None or said.delivery != PENDING:
        if dialogue_state(call).ended:
            return hang_up(script)
        if not unanswered(call, script, said, PENDING):
            after_lost_stream(call, script, PENDING)
    last = call.streams.last()
    # Asked once more, the call never heard of the stream that was offered it.
    was_refused = last is not None and last.opened_at is None and not is_repeated
    return replace(connect(call, script), wait_seconds=RETRY_SECONDS if was_refused else 0)


def _follow(call: Call, script: Script, turn: Turn) -> Step:
    """Do what follows a turn that was spoken."""
    speech = speech_of(script, turn, text="")
    if speech.transfers:
        return Step(speech)
    if dialogue_state(call).ended:
        return hang_up(script)
    return replace(connect(call, script), speech=speech)
