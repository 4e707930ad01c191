// Shows, beside the action of a row, the fields that the action needs, under their names.
"use strict";
{
    // A field of one line can suggest what there is, one of several lines cannot.
    const reshape = (field, tag) => {
        if (field.localName === tag) {
            return field;
        }
        const other = document.createElement(tag);
        for (const name of ["id", "name", "class", "maxlength", "aria-describedby", "aria-invalid"]) {
            if (field.hasAttribute(name)) {
                other.setAttribute(name, field.getAttribute(name));
            }
        }
        if (tag === "textarea") {
            other.rows = 3;
        }
        other.value = field.value;
        field.replaceWith(other);
        return other;
    };

    const showField = (line, isShown, label, help) => {
        line.hidden = !isShown;
        if (!isShown) {
            return;
        }
        if (label) {
            line.querySelector("label").textContent = `${label[0].toUpperCase()}${label.slice(1)}:`;
        }
        const note = line.querySelector(".help > div");
        if (note) {
            note.textContent = help;
        }
    };

    const update = (select) => {
        const row = select.closest(".inline-related");
        const parameter = row && row.querySelector(".form-row.field-parameter");
        const otherwise = row && row.querySelector(".form-row.field-otherwise");
        if (!parameter || !otherwise) {
            return;
        }
        const action = select.selectedOptions[0].dataset;
        showField(parameter, "label" in action, action.label, action.help);
        showField(otherwise, Boolean(action.otherwise), "", action.otherwise);
        parameter.querySelector("label").classList.toggle("required", "required" in action);
        if ("label" in action) {
            const isLong = "multiline" in action;
            const field = reshape(
                parameter.querySelector("textarea, input"), isLong ? "textarea" : "input"
            );
            if (action.list) {
                field.setAttribute("list", action.list);
            } else {
                field.removeAttribute("list");
            }
        }
    };

    const updateAll = (root) => root.querySelectorAll("select[data-actions]").forEach(update);

    document.addEventListener("DOMContentLoaded", () => updateAll(document));
    document.addEventListener("formset:added", (event) => updateAll(event.target));
    document.addEventListener("change", (event) => {
        if (event.target.matches("select[data-actions]")) {
            update(event.target);
        }
    });
}
