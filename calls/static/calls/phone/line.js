// The line to the server: JSON messages and frames of sound, both ways, on one WebSocket.

const ADDRESS = "/phone/line";
const MAX_UNSENT_BYTES = 16_000; // two seconds of sound: what is older is not worth sending
const LOST_MS = 3000; // a network that has been behind for so long is gone

/** Why the line cannot be opened, in words for the user. */
export class LineError extends Error {}

const GONE =
  "The server does not answer, or you are no longer signed in. Reload this page, and call again.";

export class Line {
  /** Load worklets, by their file names beside this one. Throws LineError. */
  static async load(worklets, names) {
    try {
      await Promise.all(names.map((name) => worklets.addModule(new URL(name, import.meta.url))));
    } catch {
      throw new LineError(GONE);
    }
  }

  /**
   * Open the line. Throws LineError.
   *
   * `onMessage(message)` takes what the server tells, `onSound(bytes)` what the bot says, and
   * `onClosed()` is called once, when the line is closed from the other side, or takes nothing.
   */
  static open({ onMessage, onSound, onClosed }) {
    const address = new URL(ADDRESS, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    return new Promise((opened, failed) => {
      socket.addEventListener("open", () => opened(new Line(socket, onClosed)), { once: true });
      socket.addEventListener("close", () => {
        failed(new LineError(GONE));
      });
      socket.addEventListener("message", ({ data }) => {
        if (typeof data === "string") {
          onMessage(JSON.parse(data));
        } else {
          onSound(new Uint8Array(data));
        }
      });
    });
  }

  constructor(socket, onClosed) {
    this.socket = socket;
    this.onClosed = onClosed;
    this.fullSince = null; // when the network fell behind
    socket.addEventListener("close", () => this.closed());
  }

  closed() {
    const tell = this.onClosed;
    this.onClosed = () => {};
    tell();
  }

  /** Send a message, such as {type: "press", key: "5"}. */
  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
    }
  }

  /** Send 20 ms of sound; where the network is behind, it is dropped. */
  sound(frame) {
    const { readyState, bufferedAmount } = this.socket;
    if (readyState !== WebSocket.OPEN) {
      return;
    }
    if (bufferedAmount < MAX_UNSENT_BYTES) {
      this.fullSince = null;
      this.socket.send(frame);
      return;
    }
    this.fullSince ??= performance.now();
    if (performance.now() - this.fullSince > LOST_MS) {
      this.closed();
    }
  }

  close() {
    this.socket.close();
  }
}
