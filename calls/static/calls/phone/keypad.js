// The keys of the telephone: to be clicked, or typed where the phone has the focus.

const TYPED = "input, select, textarea";
const MEMORY = 40; // how many keys are shown

export class Keypad {
  /**
   * `press(key)` returns whether the key was taken; `output` shows those that were. Typed are those
   * of `phone`, and nowhere else: people steer by voice and keyboard what else is on the page.
   */
  constructor(element, phone, output, press) {
    this.output = output;
    this.press = press;
    this.element = element;
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-key]");
      if (button) {
        this.take(button.dataset.key);
      }
    });
    phone.addEventListener("keydown", (event) => {
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
