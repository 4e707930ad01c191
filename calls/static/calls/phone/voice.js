// Speaks texts with the browser's own voice, where the telephone service would with one of its own.

const CHARACTERS_PER_SECOND = 15; // of somebody who reads along
const SHORTEST_MS = 800;
const LOAD_MS = 1000; // how long a browser may take to tell which voices it has
const START_MS = 3000; // a voice that has not begun by then never will

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** How long a text takes that nobody speaks, in milliseconds. */
export function readingTime(text) {
  return Math.max(SHORTEST_MS, (1000 * text.length) / CHARACTERS_PER_SECOND);
}

/** The best voice for a language tag such as en-US, or null. */
export function voiceFor(voices, language) {
  const wanted = language.toLowerCase();
  const [primary] = wanted.split("-");
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  const rank = (voice) => (tag(voice) === wanted ? 2 : 0) + (voice.default ? 1 : 0);
  const speakers = voices.filter((voice) => tag(voice).split("-")[0] === primary);
  return speakers.sort((one, other) => rank(other) - rank(one))[0] ?? null;
}

export class Voice {
  constructor() {
    this.synthesis = window.speechSynthesis;
    this.loaded = this.load();
    this.stop = () => {};
  }

  async load() {
    if (this.synthesis && this.synthesis.getVoices().length === 0) {
      const changed = new Promise((done) => {
        this.synthesis.addEventListener("voiceschanged", done, { once: true });
      });
      await Promise.race([changed, sleep(LOAD_MS)]);
    }
  }

  /** Whether the browser can speak a language, once it has told which voices it has. */
  async speaks(language) {
    await this.loaded;
    return Boolean(this.synthesis && voiceFor(this.synthesis.getVoices(), language));
  }

  /**
   * Speak a text; in a language without a voice, let pass the time that it would take.
   *
   * Resolves when it was spoken, or cut by `hush` or by another text.
   */
  async speak(text, language) {
    this.hush();
    const cut = new Promise((stop) => {
      this.stop = stop;
    });
    const isCut = cut.then(() => true);
    await this.loaded;
    const voice = this.synthesis && voiceFor(this.synthesis.getVoices(), language);
    const began = performance.now();
    if (voice && (await Promise.race([isCut, this.utter(text, voice)]))) {
      return;
    }
    await Promise.race([cut, sleep(began + readingTime(text) - performance.now())]);
  }

  /** Say a text with a voice; resolves to whether it was said to its end. */
  utter(text, voice) {
    // Kept, because some browsers forget an utterance that nobody holds before it has ended.
    this.utterance = new SpeechSynthesisUtterance(text);
    this.utterance.voice = voice;
    this.utterance.lang = voice.lang;
    return new Promise((done) => {
      const late = setTimeout(() => {
        this.synthesis.cancel();
        done(false);
      }, START_MS);
      this.utterance.addEventListener("start", () => clearTimeout(late));
      this.utterance.addEventListener("end", () => {
        clearTimeout(late);
        done(true);
      });
      this.utterance.addEventListener("error", () => {
        clearTimeout(late);
        done(false);
      });
      this.synthesis.speak(this.utterance);
    });
  }

  /** Stop at once. */
  hush() {
    this.stop();
    this.synthesis?.cancel();
  }
}
