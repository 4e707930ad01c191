// Shows a call while it runs: what was said as it is said, and what the caller is just saying.

import { liveList } from "./live_list.js";
import { openLive } from "./live_socket.js";

const NEAR_END_PX = 60;

// What the server tells of a caller who speaks while no word of it is known.
const SPEAKING = "…";

const CONNECTION = {
    connecting: "Connecting …",
    live: "Live: what is said appears here as it is said.",
    absent: "This call is not on record. Trying again …",
    lost: "Not connected: what is shown may be old. Trying again …",
    refused: "You are signed out, or may not read calls any more. Load the page again.",
};

const isScrolledBy = (list) => list.scrollHeight > list.clientHeight + 1;

// Whether the reader is at the end of the list, so that it may scroll on under him.
const isAtEnd = (list) => {
    if (isScrolledBy(list) && getComputedStyle(list).overflowY !== "visible") {
        return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    }
    const { bottom } = list.getBoundingClientRect();
    return bottom > 0 && bottom < window.innerHeight + NEAR_END_PX;
};

const scrollToEnd = (list) => {
    const last = [...list.children].filter((item) => !item.hidden).at(-1);
    last?.scrollIntoView({ block: "nearest" });
};

// The item that shows what the caller is saying. Read out is only what he has said: its turn.
const interimItem = () => {
    const item = document.createElement("li");
    item.className = "turn caller interim";
    item.hidden = true;
    item.setAttribute("aria-hidden", "true");
    const text = document.createElement("p");
    text.className = "turn-text";
    text.dir = "auto";
    item.append(text);
    return item;
};

// Watches the call with a SID. `list` is an <ol class="turns"> that is filled and kept up to date,
// `status` an element with role=status that says whether it is. `onState`, where it is given, gets
// how the call stands: see `state_of_call` in calls/live/wording.py. Returns an object with `stop()`.
export function watchCall({ list, status, sid, onState }) {
    const items = liveList(list);
    const interim = interimItem();
    let state = null;
    list.setAttribute("aria-live", "polite");
    list.setAttribute("aria-relevant", "additions");

    const say = (text) => {
        if (status.textContent !== text) {
            status.textContent = text;
        }
    };

    const showInterim = (text) => {
        const isWordless = text === SPEAKING;
        interim.classList.toggle("is-wordless", isWordless);
        interim.firstElementChild.textContent = isWordless ? "The caller is speaking …" : text;
        interim.hidden = text === "";
    };

    const onMessage = (message) => {
        const follows = isAtEnd(list);
        items.take(message);
        if (message.interim !== undefined) {
            showInterim(message.interim);
        }
        if (list.lastElementChild !== interim) {
            list.append(interim);
        }
        if (message.state) {
            state = message.state;
            if (state.over) {
                showInterim("");
                say(`The call is over: ${state.ending}.`);
            } else {
                say(CONNECTION.live);
            }
            onState?.(state);
        }
        if (follows && (message.put || message.interim)) {
            scrollToEnd(list);
        }
    };

    const onConnection = (how) => {
        if (how === "over" || (state?.over && how !== "refused")) {
            return;
        }
        if (how !== "live") {
            showInterim("");
            say(CONNECTION[how]);
        } else if (state !== null) {
            say(CONNECTION.live);
        }
        status.classList.toggle("is-lost", how === "lost" || how === "refused");
    };

    const socket = openLive({
        path: `/live/calls/${encodeURIComponent(sid)}`,
        onMessage,
        onConnection,
    });

    return {
        stop() {
            socket.stop();
            interim.remove();
            say(""); // nothing is tried again
            status.classList.remove("is-lost");
        },
    };
}
