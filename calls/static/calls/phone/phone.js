// The phone: one call at a time, from the button to the goodbye.

import { watchCall } from "../live_call.js";
import { Ear } from "./ear.js";
import { Keypad } from "./keypad.js";
import { Line, LineError } from "./line.js";
import { Meter } from "./meter.js";
import { Microphone, MicrophoneError } from "./microphone.js";
import { Transfer } from "./transfer.js";
import { Voice } from "./voice.js";

const TAIL_MS = 250; // how long the room goes on sounding when the browser's voice has ended
const LAST_SOUND_MS = 500; // how long the ear may still play when the call is over
const PARTING_MS = 8000; // how long the server may take to confirm that the user has hung up

const form = document.querySelector(".phone-form");
const page = form.closest(".phone");
const at = (name) => page.querySelector(`[data-phone="${name}"]`);
const WORKLETS = ["microphone_worklet.js", "ear_worklet.js"];

const voice = new Voice();
const meter = new Meter(at("meter"));
let call = null; // the one that goes on, or is being placed
let watch = null; // the transcript that is shown

function tell(text) {
  at("state").textContent = text;
}

function complain(text) {
  at("error").textContent = text;
  at("error").hidden = !text;
}

/** Show what the bot says where somebody can read it; nothing hides it. */
function caption(text, language = "") {
  at("caption").textContent = text;
  at("caption").lang = language;
  at("caption").hidden = !text;
}

class Call {
  constructor() {
    this.isMuted = false;
    this.isHeard = false; // whether the bot listens
    this.isSpeaking = false; // whether the browser's voice can be heard
    this.isOver = false;
    this.text = 0; // the id of the text that is being spoken
  }

  /** Take the microphone, open the line and dial. Throws MicrophoneError, LineError. */
  async place(bot, number) {
    Microphone.check();
    // In the hands of the user who has just pressed the button, or browsers keep it silent.
    this.context = new AudioContext({ latencyHint: "interactive" });
    await Promise.all([this.context.resume(), Line.load(this.context.audioWorklet, WORKLETS)]);
    if (this.isOver) {
      return; // hung up before the browser was asked for the microphone
    }
    this.ear = new Ear(this.context);
    this.microphone = await Microphone.open(this.context, {
      onFrame: (frame, level) => this.speak(frame, level),
      onLost: () => this.end("The microphone is gone. Connect it, and call again."),
    });
    if (this.isOver) {
      this.microphone.close(); // hung up while the browser asked for it
      return;
    }
    this.line = await Line.open({
      onMessage: (message) => this.take(message),
      onSound: (bytes) => this.ear.play(bytes),
      onClosed: () => this.end("The connection to the server broke, and with it the call."),
    });
    if (this.isOver) {
      this.line.close();
      return;
    }
    this.line.send({ type: "dial", bot, number });
  }

  speak(frame, level) {
    const isHeld = this.isSpeaking && !form.elements.headphones.checked;
    if (this.isMuted || isHeld || this.isOver) {
      meter.rest();
      return;
    }
    meter.show(level);
    this.line?.sound(frame);
  }

  send(message) {
    this.line?.send(message);
  }

  take(message) {
    const does = {
      placed: ({ sid }) => this.begin(sid),
      say: (said) => this.say(said),
      hush: () => this.hush(),
      clear: () => this.ear.clear(),
      unheard: () => tell("The bot plays a recording that cannot be heard here."),
      listening: ({ on }) => {
        this.isHeard = on;
        this.tellWhoseTurn();
      },
      gathering: ({ words }) => keepFocus(() => {
        at("words").hidden = !words;
      }),
      ringing: (dialled) => transfer.ring(dialled),
      talking: () => transfer.talk(),
      parted: () => keepFocus(() => transfer.hide()),
      text: ({ sender, body }) => this.read(sender, body),
      warned: (warning) => this.warn(warning),
      ended: ({ reason, detail }) => this.end(detail, `The call is over: ${reason}.`),
      failed: ({ detail }) => this.end(detail),
    };
    does[message.type]?.(message);
  }

  tellWhoseTurn() {
    const muted = "You are muted: the bot does not hear you.";
    tell(this.isHeard ? (this.isMuted ? muted : "The bot listens. Speak!") : "Wait for the bot.");
  }

  begin(sid) {
    page.dataset.sid = sid;
    const record = at("record");
    if (record) {
      record.href = record.dataset.search + sid;
      record.hidden = false;
    }
    at("empty")?.remove();
    const list = at("turns");
    if (list) {
      watch = watchCall({ list, status: at("live"), sid });
    }
  }

  async say({ id, text, language }) {
    this.text = id;
    const isHeard = await voice.speaks(language);
    at("silent").hidden = isHeard;
    if (this.text !== id) {
      return;
    }
    this.isSpeaking = isHeard;
    caption(text, language);
    await voice.speak(text, language);
    if (this.text === id) {
      this.send({ type: "spoken", id });
      this.fallSilent();
    }
  }

  hush() {
    this.text = 0;
    voice.hush();
    this.fallSilent();
  }

  fallSilent() {
    const id = this.text;
    setTimeout(() => {
      if (this.text === id) {
        this.isSpeaking = false;
      }
    }, TAIL_MS);
  }

  read(sender, body) {
    const item = document.createElement("li");
    item.textContent = `Text message from ${sender}: ${body}`;
    at("texts").append(item);
  }

  warn({ code, message }) {
    const item = document.createElement("li");
    item.textContent = `${code}: ${message}`;
    at("warnings").append(item);
    at("warned").hidden = false;
  }

  mute(isMuted) {
    this.isMuted = isMuted;
    meter.rest();
    if (this.isHeard) {
      this.tellWhoseTurn();
    }
  }

  hangUp() {
    if (this.line) {
      tell("Hanging up …");
      this.microphone.close();
      meter.rest();
      this.send({ type: "hang-up" });
      const unconfirmed = "The call is over: you hung up. The server has not confirmed it.";
      setTimeout(() => this.end("", unconfirmed), PARTING_MS);
    } else {
      this.end("", "The call was not placed.");
    }
  }

  /** Let go of everything; `problem` is what went wrong, or nothing. */
  end(problem, state = "The call is over.") {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    this.hush();
    this.microphone?.close();
    this.line?.close();
    setTimeout(() => this.context?.close(), LAST_SOUND_MS);
    if (call === this) {
      call = null;
      checkNumber();
      show("idle");
      complain(problem);
      tell(problem ? "" : state);
    }
  }
}

/** Change what is shown; a focus that goes away with it passes to the button that all turns on. */
function keepFocus(change) {
  const focused = document.activeElement;
  change();
  const isGone = focused.disabled || focused.closest("[hidden]");
  if (page.contains(focused) && isGone) {
    at(at("call").hidden ? "hang-up" : "call").focus();
  }
}

/** Show what can be done: nothing is going on (idle), or a call is placed or held (calling). */
function show(stage) {
  const isCalling = stage === "calling";
  keepFocus(() => {
    at("call").hidden = isCalling;
    at("hang-up").hidden = !isCalling;
    for (const part of page.querySelectorAll("[data-during]")) {
      part.disabled = (part.dataset.during === "call") !== isCalling;
    }
    if (!isCalling) {
      transfer.hide();
      at("words").hidden = true;
    }
  });
  if (!isCalling) {
    meter.rest();
    caption("");
    at("mute").setAttribute("aria-pressed", "false");
  }
}

/** The user's number as telephones tell it: without what people write between its digits. */
function dialled() {
  return form.elements.number.value.replace(/[\s().-]/g, "");
}

/** Have the browser complain of a number that the server would not take. */
function checkNumber() {
  const { pattern, complaint } = form.elements.number.dataset;
  form.elements.number.setCustomValidity(new RegExp(pattern).test(dialled()) ? "" : complaint);
}

async function place() {
  watch?.stop();
  watch = null;
  for (const list of ["turns", "texts", "warnings"]) {
    at(list)?.replaceChildren();
  }
  at("warned").hidden = true;
  complain("");
  keypad.forget();
  tell("Asking for the microphone …");
  const placed = new Call();
  call = placed;
  show("calling");
  const { bot } = form.elements;
  try {
    await placed.place(bot?.value ? Number(bot.value) : null, dialled());
    if (call === placed) {
      tell("Calling …");
    }
  } catch (error) {
    const isOurs = error instanceof MicrophoneError || error instanceof LineError;
    placed.end(isOurs ? error.message : `The phone cannot be used in this browser (${error.message}).`);
  }
}

const send = (message) => call?.send(message);
const transfer = new Transfer(at("transfer"), send);
const keypad = new Keypad(at("keypad"), page.querySelector(".phone-side"), at("pressed"), (key) => {
  if (call?.line) {
    send({ type: "press", key });
    return true;
  }
  return false;
});

// Call and Hang up stand in the same place: the second click of two, or a key that is held, is
// meant for the one that was there before.
const changing = new Set([at("call"), at("hang-up")]);
form.addEventListener(
  "click",
  (event) => {
    if (event.detail > 1 && changing.has(event.target)) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  { capture: true },
);
form.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter") {
    event.preventDefault();
  }
});
form.elements.number.addEventListener("input", checkNumber);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!call && form.reportValidity()) {
    place();
  }
});
at("hang-up").addEventListener("click", () => call?.hangUp());
at("mute").addEventListener("click", ({ currentTarget }) => {
  const isMuted = currentTarget.getAttribute("aria-pressed") !== "true";
  currentTarget.setAttribute("aria-pressed", String(isMuted));
  call?.mute(isMuted);
});
at("words").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.currentTarget.elements.words;
  if (field.value.trim()) {
    send({ type: "words", text: field.value.trim() });
    field.value = "";
  }
});
window.addEventListener("pagehide", () => call?.end("", "The call is over."));
checkNumber();
show("idle");
