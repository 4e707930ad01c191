"""Fields that a browser helps to fill in; each works without script too."""

from collections.abc import Callable, Iterable
from typing import Any

from django.forms import CheckboxSelectMultiple, Select, Textarea, TextInput
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chatbot.actions import ACTIONS
from chatbot.actions.goto import GoToAction

INTENT_NAMES = "intent-names"
"""The id of the list that a page may have of the intents that a reply can go to."""


def said_textarea(rows: int = 2) -> Textarea:
    """Return a field for what is said, as wide as there is room."""
    return Textarea(attrs={"rows": rows, "class": "fluid"})


class ActionSelect(Select):
    """The choice of an action. Each option says, in data attributes, what the action needs.

    The script shows and names the fields beside it after them.
    """

    class Media:
        js = ["chatbot/actions.js"]

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-actions": "", **(attrs or {})}, choices)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        action = ACTIONS.get(str(value))
        parameter = action.parameter if action is not None else None
        if parameter is not None:
            attributes = {
                "data-label": parameter.label,
                "data-help": parameter.help,
                "data-otherwise": parameter.otherwise,
                # True is rendered as an attribute without a value, False not at all.
                "data-required": parameter.required,
                "data-multiline": parameter.multiline,
                "data-list": INTENT_NAMES if value == GoToAction.name else False,
            }
            option["attrs"].update(attributes)
        return option


class SuggestingInput(TextInput):
    """A line of text for which the browser suggests what there is: searched by typing."""

    def __init__(
        self, suggestions: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        list_id = f"{name}-suggestions"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join(
            "", '<option value="{}"></option>', ((text,) for text in self.suggestions())
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class FilteredCheckboxes(CheckboxSelectMultiple):
    """Check boxes in a box that scrolls, the ticked ones first; the script adds a search field."""

    class Media:
        js = ["chatbot/filter.js"]

    def __init__(self, label: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.label = label

    def optgroups(self, name: str, value: list[Any], attrs: dict[str, Any] | None = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        return sorted(groups, key=lambda group: not group[1][0]["selected"])

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        boxes = super().render(name, value, attrs, renderer)
        return format_html(
            '<div class="choices" role="group" aria-label="{}" data-filter="label">{}</div>',
            self.label,
            boxes,
        )
