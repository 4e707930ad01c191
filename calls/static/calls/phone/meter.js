// Shows how loud the microphone is.

const QUIETEST_DB = -60;
const FALL = 0.9; // of what was shown, for each frame of 20 ms: peaks can be seen

export class Meter {
  /** `element` is a <meter> from 0 to 1. */
  constructor(element) {
    this.element = element;
    this.shown = 0;
  }

  /** Take the level of a frame: its root mean square, from 0 to 1. */
  show(level) {
    const decibels = 20 * Math.log10(Math.max(level, 1e-6));
    const place = Math.max(0, Math.min(1, 1 - decibels / QUIETEST_DB));
    this.shown = Math.max(place, this.shown * FALL);
    this.element.value = this.shown;
  }

  rest() {
    this.shown = 0;
    this.element.value = 0;
  }
}
