// Keeps the page of a call up to date while it runs, and sends what a member of the staff does in it.

import { watchCall } from "./live_call.js";
import { startTicking } from "./running_time.js";

const REFUSED = "You are signed out, or may not do this any more. Load the page again.";

const status = document.querySelector(".live-status");
const length = document.querySelector(".call-length");
const ending = document.querySelector(".call-ending");
const endedBy = document.querySelector(".call-ended-by");
const standing = document.querySelector(".call-status");
const misses = document.querySelector(".call-misses");
const slowest = document.querySelector(".call-slowest");
const control = document.querySelector(".call-control");

const capitalised = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const ticking = startTicking();

watchCall({
    list: document.querySelector("ol.turns"),
    status,
    sid: status.dataset.sid,
    onState(state) {
        ending.textContent = capitalised(state.ending);
        endedBy.hidden = state.ended_by === "";
        endedBy.querySelector("dd").textContent = capitalised(state.ended_by);
        standing.textContent = state.status;
        misses.textContent = capitalised(state.misses);
        slowest.hidden = state.slowest === "";
        slowest.querySelector("dd").textContent = state.slowest;
        if (state.over) {
            clearInterval(ticking);
            delete length.dataset.seconds;
            length.textContent = state.length;
            closeForms();
        }
    },
});

// Takes the forms away once the call is over, but not the focus of somebody who types.
const closeForms = () => {
    if (control === null) {
        return;
    }
    for (const button of control.querySelectorAll("button")) {
        button.disabled = true;
    }
    say("The call is over: nobody hears you any more.");
};

const say = (text) => {
    control.querySelector(".control-status").textContent = text;
};

const send = async (form) => {
    const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
    });
    const type = answer.headers.get("Content-Type") ?? "";
    if (type.startsWith("application/json")) {
        return answer.json();
    }
    if (answer.status === 403 || answer.redirected) {
        return { said: REFUSED, is_done: false, token: form.elements.token.value };
    }
    throw new Error(`HTTP ${answer.status}`);
};

control?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.hasAttribute("aria-busy")) {
        return; // a second click
    }
    form.setAttribute("aria-busy", "true");
    say("One moment …");
    try {
        const answer = await send(form);
        form.elements.token.value = answer.token;
        if (answer.is_done) {
            form.reset();
            form.elements.token.value = answer.token;
        }
        say(answer.said);
    } catch (error) {
        // With the same token: should it have been done after all, it is not done twice.
        say(`It is not known whether that was done (${error.message}). Send it again.`);
    } finally {
        form.removeAttribute("aria-busy");
    }
});
