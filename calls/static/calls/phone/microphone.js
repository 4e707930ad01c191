// The microphone: asks for it, and gives its sound in frames of 20 ms, mu-law at 8 kHz.

const WHY = {
  NotAllowedError:
    "The browser may not use the microphone. Allow it, at the left of the address, and call again.",
  NotFoundError: "No microphone was found. Connect one, and call again.",
  NotReadableError:
    "The microphone cannot be used. Does another program use it? Close that, and call again.",
};

const CONSTRAINTS = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

function release(stream) {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}

/** Why there is no microphone, in words for the user. */
export class MicrophoneError extends Error {}

export class Microphone {
  /** Throw MicrophoneError where no page of this address could ever have a microphone. */
  static check() {
    if (!window.isSecureContext || !navigator.mediaDevices) {
      throw new MicrophoneError(
        "Browsers give the microphone to pages over https only, and to pages of this very machine. " +
          "Open the phone at the https address of the server, or at http://localhost on its machine.",
      );
    }
  }

  /**
   * Ask for the microphone and begin. Throws MicrophoneError.
   *
   * `onFrame(bytes, level)` takes each frame and how loud it is, from 0 to 1; `onLost()` is called
   * when the microphone goes away by itself.
   */
  static async open(context, { onFrame, onLost }) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    } catch (error) {
      throw new MicrophoneError(WHY[error.name] ?? `The microphone cannot be used (${error.name}).`);
    }
    try {
      return new Microphone(context, stream, onFrame, onLost);
    } catch (error) {
      release(stream); // or the browser would show it as in use until the page is left
      throw error;
    }
  }

  constructor(context, stream, onFrame, onLost) {
    this.stream = stream;
    this.source = context.createMediaStreamSource(stream);
    this.node = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0 });
    this.node.port.onmessage = ({ data }) => onFrame(data.frame, data.level);
    this.source.connect(this.node);
    for (const track of stream.getAudioTracks()) {
      track.addEventListener("ended", onLost);
    }
  }

  /** Let go of the microphone, so that the browser no longer shows it as in use. */
  close() {
    this.node.port.onmessage = null;
    this.source.disconnect();
    release(this.stream);
  }
}
