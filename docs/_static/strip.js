// Step through the figures of a strip. Without this script they all stand below each other.
"use strict";
{
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  const enhance = (strip) => {
    const frames = [...strip.querySelectorAll("figure")];
    const words = frames.map((frame) => frame.querySelector(".caption-text").textContent.trim());
    const slider = make("input", { type: "range", min: 0, max: frames.length - 1, value: 0 });
    const [back, on] = ["Previous", "Next"].map((textContent) =>
      make("button", { type: "button", textContent }),
    );
    const text = make("p", { className: "strip-text" });
    const bar = make("div", { className: "strip-bar" });
    bar.append(back, slider, on);
    slider.setAttribute("aria-label", strip.getAttribute("aria-label"));

    const load = (frame) => {
      if (frame) frame.querySelector("img").loading = "eager";
    };
    const show = (at) => {
      frames.forEach((frame, other) => (frame.hidden = other !== at));
      slider.value = at;
      slider.setAttribute("aria-valuetext", words[at]);
      text.textContent = words[at];
      back.setAttribute("aria-disabled", at === 0);
      on.setAttribute("aria-disabled", at === frames.length - 1);
    };
    const go = (at) => {
      if (at < 0 || at >= frames.length) return;
      show(at);
      [frames[at - 1], frames[at + 1]].forEach(load);
    };
    const named = () => {
      const at = frames.findIndex((frame) => `#${frame.id}` === location.hash);
      if (at < 0) return;
      go(at);
      frames[at].scrollIntoView(); // no browser goes to what was hidden when its link was followed
    };
    // A slider's value is read out by itself; after a button it is the text that has to be. Browsers
    // tell only of changes to a text that was live before.
    const live = (value) => text.setAttribute("aria-live", value);
    slider.addEventListener("focus", () => live("off"));
    slider.addEventListener("blur", () => live("polite"));
    slider.addEventListener("input", () => go(+slider.value));
    back.addEventListener("click", () => go(+slider.value - 1));
    on.addEventListener("click", () => go(+slider.value + 1));
    window.addEventListener("beforeprint", () => frames.forEach(load));
    window.addEventListener("hashchange", named);
    strip.addEventListener("pointerenter", () => load(frames[+slider.value + 1]));
    strip.addEventListener("focusin", () => load(frames[+slider.value + 1]));

    strip.prepend(bar, text);
    strip.classList.add("stepping");
    show(0);
    live("polite");
    named();
  };

  document.querySelectorAll(".figure-strip").forEach(enhance);
}
