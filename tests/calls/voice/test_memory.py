"""What a process keeps at hand, in as many bytes as it may."""

from calls.voice.memory import Memory, Remembered


def render(size: int) -> Remembered:
    return Remembered(bytes(size), None, 0.0)


def test_what_was_not_heard_for_longest_goes_first() -> None:
    memory = Memory(max_bytes=100)
    memory.put("a", render(40))
    memory.put("b", render(40))
    memory.get("a")
    memory.put("c", render(40))
    assert [key for key in "abc" if memory.get(key)] == ["a", "c"]


def test_render_that_is_put_again_counts_once() -> None:
    memory = Memory(max_bytes=100)
    for _ in range(3):
        memory.put("a", render(50))
    memory.put("b", render(50))
    assert memory.get("a") is not None


def test_render_larger_than_the_memory_takes_no_others_along() -> None:
    memory = Memory(max_bytes=100)
    memory.put("a", render(100))
    memory.put("b", render(101))
    assert memory.get("a") is not None
    assert memory.get("b") is None


def test_dropped_render_leaves_its_bytes_to_others() -> None:
    memory = Memory(max_bytes=100)
    memory.put("a", render(100))
    memory.drop("a")
    memory.drop("a")
    memory.put("b", render(50))
    memory.put("c", render(50))
    assert memory.get("b") is not None
