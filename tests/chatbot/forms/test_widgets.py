"""Fields that a browser helps to fill in."""

import pytest

from chatbot import actions
from chatbot.forms.widgets import ActionSelect, FilteredCheckboxes, SuggestingInput


def options(select: ActionSelect) -> dict[str, dict[str, object]]:
    """Return what each option says of its action, by the name of the action."""
    return {
        group[1][0]["value"]: group[1][0]["attrs"] for group in select.optgroups("action", [""])
    }


@pytest.mark.parametrize("action", actions.ACTIONS.values(), ids=lambda action: action.label)
def test_action_select_says_what_each_action_needs(action: actions.Action) -> None:
    """The script knows no action: it reads them off the options."""
    attributes = options(ActionSelect(choices=actions.choices()))[action.name]
    parameter = action.parameter
    if parameter is None:
        assert "data-label" not in attributes
    else:
        assert attributes["data-label"] == parameter.label
        assert attributes["data-help"] == parameter.help
        assert attributes["data-otherwise"] == parameter.otherwise
        assert attributes["data-required"] is parameter.required


def test_suggesting_input_escapes_what_it_suggests() -> None:
    """A suggestion is text."""
    html = SuggestingInput(lambda: ['"<b>']).render("zone", "UTC", {"id": "id_zone"})
    assert 'list="zone-suggestions"' in html
    assert '<option value="&quot;&lt;b&gt;"></option>' in html


def test_filtered_checkboxes_show_the_ticked_ones_first() -> None:
    """Of five hundred, the few that count are seen at once."""
    field = FilteredCheckboxes("Follows")
    field.choices = [(number, f"intent {number}") for number in range(5)]
    html = field.render("follows", [3], {"id": "id_follows"})
    assert html.index("intent 3") < html.index("intent 0")
    assert html.count("checked") == 1
