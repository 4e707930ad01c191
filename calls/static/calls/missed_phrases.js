// Sends a form of the list without leaving the page, and goes on with the phrase that comes next.
"use strict";

(() => {
    const status = document.querySelector(".missed-status");
    const list = () => document.getElementById("missed-phrases");

    // The place of a form among the phrases, or -1 for one of those that are ignored.
    const placeOf = (form) =>
        [...list().querySelectorAll(".missed-group")].indexOf(form.closest(".missed-group"));

    const focusAfter = (place, wasOpen) => {
        const ignored = list().querySelector(".missed-ignored");
        if (ignored) {
            ignored.open = wasOpen;
        }
        const fields = list().querySelectorAll(".missed-group input[type=text]");
        const heading = document.querySelector("#content h1");
        heading.tabIndex = -1;
        const next =
            list().querySelector("[aria-invalid]") ??
            (place < 0 ? ignored?.querySelector("button") : null) ??
            fields[Math.min(Math.max(place, 0), fields.length - 1)] ??
            heading;
        next.focus();
    };

    const show = (page, place) => {
        const fresh = page.getElementById("missed-phrases");
        if (fresh === null) {
            return false; // signed out meanwhile: the server says so on a page of its own
        }
        const wasOpen = list().querySelector(".missed-ignored")?.open ?? false;
        list().replaceWith(document.importNode(fresh, true));
        document.querySelector(".messagelist:not(.missed-status *)")?.remove();
        const said = page.querySelector(".messagelist");
        status.replaceChildren(...(said ? [document.importNode(said, true)] : []));
        focusAfter(place, wasOpen);
        return true;
    };

    document.addEventListener("submit", async (event) => {
        const form = event.target;
        if (!form.closest("#missed-phrases")) {
            return;
        }
        event.preventDefault();
        if (list().hasAttribute("aria-busy")) {
            return;
        }
        list().setAttribute("aria-busy", "true");
        const place = placeOf(form);
        let page = null;
        try {
            const answer = await fetch(location.href, {
                method: "POST",
                body: new FormData(form, event.submitter),
                credentials: "same-origin",
            });
            if (!answer.ok && answer.status !== 400) {
                throw new Error(`HTTP ${answer.status}`);
            }
            page = new DOMParser().parseFromString(await answer.text(), "text/html");
        } catch (error) {
            list().removeAttribute("aria-busy");
            const note = document.createElement("p");
            note.className = "errornote";
            note.textContent = `Nothing was changed (${error.message}). Load the page again.`;
            status.replaceChildren(note);
            return;
        }
        if (!show(page, place)) {
            location.reload();
        }
    });
})();
