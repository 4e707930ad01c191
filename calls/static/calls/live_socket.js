// A WebSocket of a page that shows running calls: connects anew by itself, and misses nothing.

const SILENCE_MS = 12_000; // the server says something every 5 s
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const STEADY_MS = 10_000; // a connection that has held so long was none that fails at once

// Close codes of the server: see calls/live/sockets.py.
const NOT_ALLOWED = 4403;
const NO_SUCH_CALL = 4404;
const OVER = 4410;

// Opens `path` and keeps it open until `stop()`.
//
// `onMessage` gets each message; the first after every connection has `whole`. `onConnection` gets
// "connecting", "live", "lost" or "absent" (it is being tried again), "refused" or "over" (it is not).
export function openLive({ path, onMessage, onConnection }) {
    const address = new URL(path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    let socket = null;
    let expected = 1;
    let pause = FIRST_PAUSE_MS;
    let silence = 0;
    let retry = 0;
    let steady = 0;
    let isStopped = false;

    const drop = () => {
        clearTimeout(silence);
        clearTimeout(retry);
        clearTimeout(steady);
        const old = socket;
        socket = null; // what still comes of it is not listened to
        old?.close();
    };

    const lose = (how) => {
        drop();
        onConnection(how);
        // Not all browsers at once after a restart of the server.
        retry = setTimeout(connect, pause * (0.5 + Math.random()));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };

    const end = (how) => {
        isStopped = true;
        drop();
        onConnection(how);
    };

    const listen = () => {
        clearTimeout(silence);
        silence = setTimeout(() => lose("lost"), SILENCE_MS);
    };

    const connect = () => {
        drop();
        expected = 1;
        const opened = new WebSocket(address);
        socket = opened;
        listen();
        opened.addEventListener("message", (event) => {
            if (socket !== opened) {
                return;
            }
            const message = JSON.parse(event.data);
            if (message.seq !== expected) {
                lose("lost"); // something is missing: the next connection tells the whole
                return;
            }
            expected += 1;
            listen();
            if (message.seq === 1) {
                steady = setTimeout(() => {
                    pause = FIRST_PAUSE_MS;
                }, STEADY_MS);
                onConnection("live");
            }
            onMessage(message);
        });
        opened.addEventListener("close", (event) => {
            if (socket !== opened) {
                return;
            }
            if (event.code === NOT_ALLOWED) {
                end("refused");
            } else if (event.code === OVER) {
                end("over");
            } else {
                lose(event.code === NO_SUCH_CALL ? "absent" : "lost");
            }
        });
    };

    // Whoever comes back to the page, or to the network, does not wait for the next try.
    const hurry = () => {
        if (!isStopped && socket === null && document.visibilityState === "visible") {
            connect();
        }
    };
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);

    onConnection("connecting");
    connect();

    return {
        stop() {
            isStopped = true;
            drop();
            window.removeEventListener("online", hurry);
            document.removeEventListener("visibilitychange", hurry);
        },
    };
}
