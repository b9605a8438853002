// What sphinx-copybutton asks of its library for copying, by the browser's own means.
"use strict";
window.ClipboardJS = class {
  #told = {};

  constructor(buttons, { text }) {
    document.addEventListener("click", async (event) => {
      const trigger = event.target.closest(buttons);
      if (!trigger) return;
      let told = "success";
      try {
        await navigator.clipboard.writeText(text(trigger));
      } catch {
        told = "error";
      }
      this.#told[told]?.({ trigger });
    });
  }

  on(what, tell) {
    this.#told[what] = tell;
  }
};
