// From the sample rate of a sound card to that of a telephone, in pieces of any length.

export const TELEPHONE_RATE = 8000;

const CUTOFF_HZ = 3600; // what is above half the telephone's rate would be heard as something else
const ZERO_CROSSINGS = 16; // of the filter, on each side: the more, the steeper

const greatestCommonDivisor = (a, b) => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** One filter for each place that a sample can have between two samples of the input. */
function filters(rate, phases, half) {
  const cutoff = CUTOFF_HZ / rate;
  return Array.from({ length: phases }, (_, phase) => {
    const taps = new Float32Array(2 * half);
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap += 1) {
      const at = tap - half + 1 - phase / phases;
      const sinc = at === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * at) / (Math.PI * at);
      const window = Math.abs(at) < half ? 0.5 + 0.5 * Math.cos((Math.PI * at) / half) : 0;
      taps[tap] = sinc * window;
      sum += taps[tap];
    }
    return taps.map((tap) => tap / sum);
  });
}

export class Downsampler {
  /** `rate` is that of the input, in samples a second, a whole number. */
  constructor(rate) {
    const common = greatestCommonDivisor(rate, TELEPHONE_RATE);
    this.step = rate / common; // from one sample to the next, in parts of an input sample
    this.phases = TELEPHONE_RATE / common; // how many parts an input sample has
    this.half = Math.ceil((ZERO_CROSSINGS * rate) / (2 * CUTOFF_HZ));
    this.filters = filters(rate, this.phases, this.half);
    this.kept = new Float32Array(this.half - 1); // what the next samples are made of
    this.at = 0; // where the next sample is, in parts of an input sample
  }

  /** Return the samples that can be made of the input so far: an array of numbers. */
  process(input) {
    const all = new Float32Array(this.kept.length + input.length);
    all.set(this.kept);
    all.set(input, this.kept.length);
    const samples = [];
    let whole = Math.floor(this.at / this.phases);
    while (whole + 2 * this.half <= all.length) {
      const taps = this.filters[this.at % this.phases];
      let sample = 0;
      for (let tap = 0; tap < taps.length; tap += 1) {
        sample += taps[tap] * all[whole + tap];
      }
      samples.push(sample);
      this.at += this.step;
      whole = Math.floor(this.at / this.phases);
    }
    const done = Math.min(whole, all.length);
    this.kept = all.slice(done);
    this.at -= done * this.phases;
    return samples;
  }
}
