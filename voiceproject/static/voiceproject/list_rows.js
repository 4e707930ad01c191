// Names each cell of a list after its column: in a narrow window the cells of a row stand below
// each other, where no head of a column tells what they are.
"use strict";
{
    // What is no longer displayed as a table is none for screen readers either, unless it says so.
    const ROLES = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

    const table = document.getElementById("result_list");
    if (table) {
        const names = [...table.tHead.rows[0].cells].map((head) =>
            (head.querySelector(".text") ?? head).textContent.trim(),
        );
        table.setAttribute("role", "table");
        for (const part of table.querySelectorAll("thead, tbody, tr, td")) {
            part.setAttribute("role", ROLES[part.tagName]);
        }
        for (const head of table.querySelectorAll("th")) {
            head.setAttribute("role", head.scope === "col" ? "columnheader" : "rowheader");
        }
        for (const row of table.tBodies[0].rows) {
            [...row.cells].forEach((cell, place) => {
                if (names[place]) {
                    cell.dataset.name = names[place];
                }
            });
        }
        table.classList.add("is-stacked-when-narrow");
    }
}
