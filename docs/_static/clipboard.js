// What sphinx-copybutton asks of its library for copying, by the browser's own means.
"use strict";
window.ClipboardJS = class {
  #told = {};

  constructor(buttons, { text }) {
    const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    said.setAttribute("role", "status");
    document.body.append(said);
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
      said.textContent = told === "success" ? "Copied" : "Not copied";
      setTimeout(() => (said.textContent = ""), 2000); // so that the next copy is told, too
    });
  }

  on(what, tell) {
    this.#told[what] = tell;
  }
};
