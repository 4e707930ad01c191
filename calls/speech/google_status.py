"""The status by which a gRPC call ended, where writing to it hides that."""

from collections.abc import Coroutine
from typing import Any, TypeVar, cast

import grpc

T = TypeVar("T")


class FirstStatus:
    """Keeps the status that one call ended by at first.

    Where a write fails because the server has just ended the call, grpc puts INTERNAL in the
    place of the server's status, even of OK; either of the two may come first
    (https://github.com/grpc/grpc/issues/36066).
    """

    def __init__(self) -> None:
        self._first: tuple[grpc.StatusCode, str | None] | None = None

    def watch(self, call: grpc.aio.Call) -> None:
        """Note how the call ends."""
        call.add_done_callback(self._note)

    def of(self, error: grpc.aio.AioRpcError) -> tuple[grpc.StatusCode, str]:
        """Return code and details of what an error stands for; the code may be OK."""
        code, details = error.code(), error.details()
        if code is grpc.StatusCode.INTERNAL and self._first:
            code, details = self._first
        return code, details or ""

    def _note(self, call: grpc.aio.Call) -> None:
        self._first = (_at_once(call.code()), _at_once(call.details()))


def _at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that has nothing left to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as result:
        return cast(T, result.value)
    coroutine.close()
    raise RuntimeError("the coroutine waits")
