"""Any JSON, and JSON that nearly is an answer."""

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def messages(*members: str) -> st.SearchStrategy[object]:
    """Return answers of which the members are known by name, their values not."""
    message = st.dictionaries(
        st.sampled_from(members),
        SCALARS
        | st.sampled_from(["hangup", "transfer", "play", "+31201234567", "http://a"])
        | ANY_JSON
        | st.lists(st.dictionaries(st.sampled_from(["title", "payload"]), ANY_JSON))
        | st.dictionaries(st.sampled_from(["action", "parameter"]), SCALARS),
    )
    return message | st.lists(message | ANY_JSON)
