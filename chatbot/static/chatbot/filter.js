// Adds a search field to lists that are too long to look through.
"use strict";
{
    const FEW = 10;

    const addFilter = (list) => {
        const items = [...list.querySelectorAll(list.dataset.filter)];
        if (items.length <= FEW) {
            return;
        }
        const bar = document.createElement("div");
        bar.className = "filter";
        const search = document.createElement("input");
        search.type = "search";
        search.placeholder = "Search";
        search.autocomplete = "off";
        search.setAttribute("aria-label", `Search in ${list.getAttribute("aria-label")}`);
        const count = document.createElement("output");
        bar.append(search, count);

        const update = () => {
            const wanted = search.value.trim().toLowerCase();
            let shown = 0;
            for (const item of items) {
                const isShown = item.textContent.toLowerCase().includes(wanted);
                item.classList.toggle("is-filtered-out", !isShown);
                shown += isShown ? 1 : 0;
            }
            const ticked = items.filter((item) => item.querySelector(":checked")).length;
            count.value = `${shown} of ${items.length}` + (ticked ? `, ${ticked} ticked` : "");
        };
        search.addEventListener("input", update);
        search.addEventListener("keydown", (event) => {
            if (event.key === "Enter") {
                event.preventDefault(); // it would save the form
            }
        });
        list.addEventListener("change", update);
        if (list.localName === "table") {
            list.parentElement.before(bar);
        } else {
            list.prepend(bar);
        }
        update();
    };

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("[data-filter]").forEach(addFilter);
    });
}
