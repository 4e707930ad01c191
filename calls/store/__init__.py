"""The only crossing between a live call and the database.

A live call runs on the event loop, which must never wait for the database: `Store.run` carries a
job to a small pool of threads. A job is one transaction, or does no harm where it breaks off and is
run again.
"""

from calls.store.answers import (
    answer_delivered,
    answer_heard,
    answer_is_due,
    answer_was_slow,
)
from calls.store.calls import (
    call_deaf,
    call_goes_on,
    call_heard,
    call_mute,
    call_over,
    event_record,
)
from calls.store.pool import Store
from calls.store.staff import staff_turn_read, staff_turns_due, staff_turns_unsaid
from calls.store.streams import stream_close, stream_open, streams_seen
from calls.store.taken import (
    AnsweredElsewhere,
    AskedTurn,
    Closing,
    OpenedStream,
    StreamCounts,
    StreamRefused,
    StreamReplaced,
    TakenTurn,
)
from calls.store.turns import (
    apology_record,
    caller_turn_record,
    silence_take,
    turn_conclude,
    turn_confirm,
    turn_correct,
    turn_take,
)

__all__ = [
    "AnsweredElsewhere",
    "AskedTurn",
    "Closing",
    "OpenedStream",
    "Store",
    "StreamCounts",
    "StreamRefused",
    "StreamReplaced",
    "TakenTurn",
    "answer_delivered",
    "answer_heard",
    "answer_is_due",
    "answer_was_slow",
    "apology_record",
    "call_deaf",
    "call_goes_on",
    "call_heard",
    "call_mute",
    "call_over",
    "caller_turn_record",
    "event_record",
    "silence_take",
    "staff_turn_read",
    "staff_turns_due",
    "staff_turns_unsaid",
    "stream_close",
    "stream_open",
    "streams_seen",
    "turn_conclude",
    "turn_confirm",
    "turn_correct",
    "turn_take",
]
