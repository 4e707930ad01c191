// Lets the time tick for which calls have been running: `data-seconds` is how long, as it was said.

const shown = new WeakMap(); // when an element was first seen, and what it said then

const words = (seconds) => {
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60) % 60;
    return `${Math.floor(seconds / 3600)}:${two(minutes)}:${two(seconds % 60)}`;
};

const tick = () => {
    const now = performance.now();
    for (const element of document.querySelectorAll("[data-seconds]")) {
        if (shown.get(element)?.seconds !== element.dataset.seconds) {
            shown.set(element, { seconds: element.dataset.seconds, at: now });
        }
        const { seconds, at } = shown.get(element);
        const text = words(Number(seconds) + Math.floor((now - at) / 1000));
        if (element.textContent !== text) {
            element.textContent = text;
        }
    }
};

// The clock of the browser need not be that of the server, so only what passes here is counted.
export function startTicking() {
    tick();
    return setInterval(tick, 1000);
}
