// What the caller hears: mu-law at 8 kHz, played as it comes.

import { decode } from "./mulaw.js";

const TELEPHONE_HZ = 3600; // above it there are only mirror images of what was said

export class Ear {
  constructor(context) {
    this.node = new AudioWorkletNode(context, "ear", { numberOfInputs: 0, outputChannelCount: [1] });
    const filter = new BiquadFilterNode(context, { type: "lowpass", frequency: TELEPHONE_HZ });
    this.node.connect(filter).connect(context.destination);
  }

  /** Queue sound behind what is being heard. */
  play(bytes) {
    const samples = decode(bytes);
    this.node.port.postMessage(samples, [samples.buffer]);
  }

  /** Drop at once what was not yet heard. */
  clear() {
    this.node.port.postMessage("clear");
  }
}
