// Keeps the list of running calls up to date.

import { liveList } from "./live_list.js";
import { openLive } from "./live_socket.js";
import { startTicking } from "./running_time.js";

const CONNECTION = {
    connecting: "Connecting …",
    lost: "Not connected: what is shown may be old. Trying again …",
    refused: "You are signed out, or may not read calls any more. Load the page again.",
};

const list = document.querySelector(".calls-now");
const status = document.querySelector(".live-status");
const items = liveList(list);
let count = "";

const say = (text) => {
    if (status.textContent !== text) {
        status.textContent = text;
    }
};

openLive({
    path: "/live/calls",
    onMessage(message) {
        items.take(message);
        if (message.state) {
            count = message.state.words;
            say(count);
        }
    },
    onConnection(how) {
        status.classList.toggle("is-lost", how === "lost" || how === "refused");
        say(how === "live" ? count : CONNECTION[how] ?? "");
    },
});
startTicking();
