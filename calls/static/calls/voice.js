// Plays a reply in place, and keeps the list of replies up to date while they are being rendered.
"use strict";

(() => {
    const renders = document.getElementById("voice-renders");
    const news = document.querySelector(".voice-news");
    const player = new Audio();
    let playing = ""; // the key of the reply that is heard

    // --- Playing ---------------------------------------------------------------------------

    const keyOf = (element) => element.closest("[data-key]")?.dataset.key ?? "";

    const label = () => {
        for (const link of renders.querySelectorAll(".voice-play")) {
            const verb = link.querySelector(".voice-verb");
            verb.textContent = keyOf(link) === playing ? "Stop" : "Play";
        }
    };

    const stop = () => {
        player.pause();
        playing = "";
        label();
    };

    const play = async (link) => {
        playing = keyOf(link);
        label();
        player.src = link.href;
        try {
            await player.play();
        } catch (error) {
            if (error.name !== "AbortError") { // another reply was chosen meanwhile
                news.textContent = "This reply cannot be played. Load the page again.";
                stop();
            }
        }
    };

    player.addEventListener("ended", stop);

    renders.addEventListener("click", (event) => {
        const link = event.target.closest(".voice-play");
        const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey);
        if (link && isPlain) {
            event.preventDefault();
            if (keyOf(link) === playing) {
                stop();
            } else {
                play(link);
            }
        }
    });

    // --- Keeping up ------------------------------------------------------------------------

    const show = (html) => {
        const focused = document.activeElement;
        const selector = renders.contains(focused) && focused.id ? `#${focused.id}` : "";
        renders.innerHTML = html;
        label();
        if (selector) {
            renders.querySelector(selector)?.focus();
        }
    };

    let timer = 0;

    const wait = (seconds) => {
        renders.dataset.againIn = seconds;
        clearTimeout(timer);
        if (seconds > 0 && document.visibilityState === "visible") {
            timer = setTimeout(look, seconds * 1000);
        }
    };

    const look = async () => {
        const address = new URL(location.href);
        address.searchParams.set("seen", renders.dataset.seen);
        let next = Number(renders.dataset.againIn);
        try {
            const answer = await fetch(address, { headers: { Accept: "application/json" } });
            const type = answer.headers.get("Content-Type") ?? "";
            if (!answer.ok || !type.startsWith("application/json")) {
                return; // signed out meanwhile: the next click says so
            }
            const content = await answer.json();
            next = content.again_in;
            if (content.html) {
                renders.dataset.seen = content.seen;
                show(content.html);
            }
            if (next === 0) {
                news.textContent = content.words ?? "";
            }
        } catch {
            // The server may be back the next time.
        }
        wait(next);
    };

    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && Number(renders.dataset.againIn) > 0) {
            clearTimeout(timer);
            look();
        }
    });

    wait(Number(renders.dataset.againIn));
})();
