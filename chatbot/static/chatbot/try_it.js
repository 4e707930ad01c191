"use strict";

/* Takes the steps of the form without loading the page anew, and keeps the focus where one types. */

(() => {
  const form = document.querySelector(".trial-form");
  if (!form) {
    return;
  }
  const log = document.querySelector(".trial-log");
  const error = document.querySelector(".trial-error");
  const status = document.querySelector(".trial-status");
  const version = document.querySelector("[data-version]");
  const says = form.elements.text;
  const keys = form.elements.keys;
  let isWaiting = false;

  // The page itself shows what was said so far.
  form.elements.log.remove();
  form.querySelector(".trial-keypad").hidden = false;
  log.scrollTop = log.scrollHeight;

  async function post(data) {
    const response = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const type = response.headers.get("Content-Type") || "";
    if (!type.startsWith("application/json")) {
      throw new Error("The server did not answer. Reload the page, and sign in if it asks you to.");
    }
    const content = await response.json();
    if (content.error) {
      throw new Error(content.error);
    }
    return content;
  }

  function complain(message) {
    error.textContent = message;
    error.hidden = !message;
  }

  function show(content) {
    if (content.is_new) {
      log.replaceChildren();
    }
    log.insertAdjacentHTML("beforeend", content.entries);
    log.scrollTop = log.scrollHeight;
    form.elements.state.value = content.state;
    version.dataset.version = content.version;
    version.textContent = `version ${content.version}`;
    status.textContent = "";
    says.value = "";
    keys.value = "";
    form.dataset.stage = content.stage;
    for (const part of form.querySelectorAll("[data-at]")) {
      part.hidden = part.dataset.at !== content.stage;
    }
  }

  function focusNext(submitter) {
    if (form.dataset.stage !== "talking") {
      form.querySelector("[data-at]:not([hidden]) button, button[value=start]").focus();
    } else if (submitter && submitter.value === "keys") {
      keys.focus();
    } else {
      says.focus();
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isWaiting) {
      return;
    }
    isWaiting = true;
    log.setAttribute("aria-busy", "true");
    complain("");
    try {
      show(await post(new FormData(form, event.submitter)));
    } catch (problem) {
      const isOurs = !(problem instanceof TypeError);
      complain(isOurs ? problem.message : "The server cannot be reached. Try again.");
    } finally {
      isWaiting = false;
      log.removeAttribute("aria-busy");
      focusNext(event.submitter);
    }
  });

  form.addEventListener("click", (event) => {
    const key = event.target.dataset.key;
    if (!key) {
      return;
    }
    keys.value += key;
    if (key === "#") {
      form.requestSubmit(form.querySelector("button[value=keys]"));
    }
  });

  // Whoever comes back from another window may have changed the bot there.
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible") {
      return;
    }
    const data = new FormData(form);
    data.set("do", "version");
    try {
      const now = (await post(data)).version;
      const isChanged = String(now) !== version.dataset.version;
      status.textContent = isChanged
        ? `The bot was changed meanwhile: the next answer comes from version ${now}.`
        : "";
    } catch {
      // The next step will tell what is wrong.
    }
  });
})();
