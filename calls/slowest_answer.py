"""The slowest answer that one session gave so far. Pure."""


class SlowestAnswer:
    """Tells which answers need to be compared with the slowest one on the call's record.

    Few do: each is a write that other callers wait for.
    """

    def __init__(self) -> None:
        self._ms = -1

    def is_beaten_by(self, answer_ms: int) -> bool:
        """Take an answer; return whether it was slower than all before it."""
        if answer_ms <= self._ms:
            return False
        self._ms = answer_ms
        return True
