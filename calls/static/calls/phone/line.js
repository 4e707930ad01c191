// The line to the server: JSON messages and frames of sound, both ways, on one WebSocket.

const ADDRESS = "/phone/line";
const MAX_UNSENT_BYTES = 16_000; // two seconds of sound: what is older is not worth sending

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
   * `onClosed(code)` is called once, when the line is closed from the other side.
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
    socket.addEventListener("close", ({ code }) => onClosed(code));
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
    if (readyState === WebSocket.OPEN && bufferedAmount < MAX_UNSENT_BYTES) {
      this.socket.send(frame);
    }
  }

  close() {
    this.socket.close();
  }
}
