// Unfolds the parts of a row in which something is written, so that nobody overlooks it.
"use strict";
{
    const isWritten = (field) => (
        field.type === "checkbox" ? field.checked : field.value.trim() !== ""
    );

    document.addEventListener("DOMContentLoaded", () => {
        for (const fold of document.querySelectorAll(".said-rows .inline-related details")) {
            const fields = [...fold.querySelectorAll("input, select, textarea")];
            fold.open = fold.open || fields.some(isWritten);
        }
    });
}
