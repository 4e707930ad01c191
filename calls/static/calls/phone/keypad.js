// The keys of the telephone: to be clicked, or typed wherever nothing else is typed.

const TYPED = "input, select, textarea";
const MEMORY = 40; // how many keys are shown

export class Keypad {
  /** `press(key)` returns whether the key was taken; `output` shows those that were. */
  constructor(element, output, press) {
    this.output = output;
    this.press = press;
    this.element = element;
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-key]");
      if (button) {
        this.take(button.dataset.key);
      }
    });
    document.addEventListener("keydown", (event) => {
      const isShortcut = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
      if (/^[0-9*#]$/.test(event.key) && !isShortcut && !event.target.closest?.(TYPED)) {
        this.take(event.key);
      }
    });
  }

  take(key) {
    if (this.press(key)) {
      this.output.value = (this.output.value + key).slice(-MEMORY);
    }
  }

  forget() {
    this.output.value = "";
  }
}
