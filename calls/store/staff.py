"""What members of the staff have said to callers, for the sessions that say it."""

from collections.abc import Collection

from calls.models import Call, Stream, Turn
from calls.store.taken import TakenTurn
from calls.transcript import dialogue_state, turn_answer
from chatbot.answers import Rule
from chatbot.script import Script


def staff_turns_due(call_id: int) -> list[int]:
    """Return the turns, by id, that members of the staff wrote and nobody has said yet."""
    due = Turn.objects.filter(call=call_id, rule=Rule.STAFF, delivery=Turn.Delivery.PENDING)
    return list(due.order_by("number").values_list("pk", flat=True))


def staff_turns_unsaid(held: Collection[int]) -> list[tuple[int, int]]:
    """Return those turns of all calls whose streams are `held`: each as stream and turn, by id."""
    due = Stream.objects.filter(
        pk__in=held, closed_at=None, call__staff_acts__turn__delivery=Turn.Delivery.PENDING
    )
    turn = "call__staff_acts__turn"
    return list(due.order_by(f"{turn}__number").values_list("pk", turn))


def staff_turn_read(turn_id: int, call_id: int, script: Script) -> TakenTurn | None:
    """Return a turn that a member of the staff wrote, or None where it was said meanwhile.

    The caller is then heard as at this place of the dialogue, which it does not change.
    """
    turn = Turn.objects.filter(
        pk=turn_id, call=call_id, delivery=Turn.Delivery.PENDING, call__ended_at=None
    ).first()
    if turn is None:
        return None
    state = dialogue_state(Call.objects.get(pk=call_id))
    answer = turn_answer(turn, script.listening(state))
    return TakenTurn(turn.pk, answer, script, state.context)
