// Plays what the bot says, as it comes in, off the page's own thread.

import { TELEPHONE_RATE } from "./downsampler.js";

// How much is kept before sound begins, so that a late piece leaves no gap; in samples.
const AHEAD = 0.06 * TELEPHONE_RATE;
// After so long a short sound begins all the same; in seconds.
const PATIENCE = 0.1;

class EarProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = TELEPHONE_RATE / sampleRate;
    this.drop();
    this.port.onmessage = ({ data }) => {
      if (data === "clear") {
        this.drop();
      } else {
        this.take(data);
      }
    };
  }

  drop() {
    this.pieces = [];
    this.queued = 0; // samples that wait
    this.at = 0; // where we are in the first piece
    this.isPlaying = false;
    this.since = 0; // when the first of what waits came
  }

  take(samples) {
    if (this.queued === 0) {
      this.since = currentTime;
    }
    this.pieces.push(samples);
    this.queued += samples.length;
  }

  process(_, [[output]]) {
    if (!this.isPlaying) {
      const isDue = this.queued >= AHEAD || currentTime - this.since >= PATIENCE;
      if (this.queued === 0 || !isDue) {
        return true;
      }
      this.isPlaying = true;
    }
    for (let place = 0; place < output.length; place += 1) {
      if (this.queued === 0) {
        this.isPlaying = false;
        return true;
      }
      output[place] = this.next();
    }
    return true;
  }

  /** Take a sample between the two that are nearest. */
  next() {
    const piece = this.pieces[0];
    const whole = Math.floor(this.at);
    const after = whole + 1 < piece.length ? piece[whole + 1] : (this.pieces[1]?.[0] ?? piece[whole]);
    const sample = piece[whole] + (after - piece[whole]) * (this.at - whole);
    this.at += this.step;
    if (this.at >= piece.length) {
      this.at -= piece.length;
      this.queued -= piece.length;
      this.pieces.shift();
    }
    return sample;
  }
}

registerProcessor("ear", EarProcessor);
