// Whom the bot calls for the caller: nobody is really called, so the user decides what they do.

export class Transfer {
  /** `element` holds buttons with data-react and data-part; `send` takes what was decided. */
  constructor(element, send) {
    this.element = element;
    this.text = element.querySelector("[data-transfer=text]");
    this.ringing = element.querySelector("[data-transfer=ringing]");
    this.talking = element.querySelector("[data-transfer=talking]");
    element.addEventListener("click", ({ target }) => {
      const { react, part } = target.dataset;
      if (react) {
        send({ type: "react", status: react });
      } else if (part !== undefined) {
        send({ type: "part" });
      }
    });
  }

  /** Ask how those who are called react. */
  ring({ numbers, caller_id: shown }) {
    this.text.textContent = `The bot calls ${numbers.join(" and ")}, and shows the number ${shown}. What do they do?`;
    this.show(this.ringing);
  }

  talk() {
    this.text.textContent = "The caller is connected, and the bot is out of it.";
    this.show(this.talking);
  }

  show(part) {
    this.element.hidden = false;
    this.ringing.hidden = part !== this.ringing;
    this.talking.hidden = part !== this.talking;
    part.querySelector("button").focus();
  }

  hide() {
    this.element.hidden = true;
  }
}
