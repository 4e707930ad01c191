// Turns the sound of the microphone into frames of the telephone, off the page's own thread.

import { Downsampler } from "./downsampler.js";
import { encode } from "./mulaw.js";

const FRAME_SAMPLES = 160; // 20 ms

class MicrophoneProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.downsampler = new Downsampler(sampleRate);
    this.begin();
  }

  begin() {
    this.frame = new Uint8Array(FRAME_SAMPLES);
    this.filled = 0;
    this.power = 0;
  }

  process([channels]) {
    if (channels.length === 0) {
      return true; // the microphone is gone; whoever opened it is told
    }
    const mono = new Float32Array(channels[0].length);
    for (const channel of channels) {
      for (let at = 0; at < mono.length; at += 1) {
        mono[at] += channel[at] / channels.length;
      }
    }
    for (const sample of this.downsampler.process(mono)) {
      this.frame[this.filled] = encode(sample);
      this.filled += 1;
      this.power += sample * sample;
      if (this.filled === FRAME_SAMPLES) {
        const level = Math.sqrt(this.power / FRAME_SAMPLES);
        this.port.postMessage({ frame: this.frame, level }, [this.frame.buffer]);
        this.begin();
      }
    }
    return true;
  }
}

registerProcessor("microphone", MicrophoneProcessor);
