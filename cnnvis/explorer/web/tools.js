// What stands below the pad: tools, sample digits, and the sliders.

import { make, makeButton, makeChoice, makeSlider } from "./controls/elements.js";
import { TABLES } from "./colours.js";
import { makeOpener } from "./opened_image.js";
import { makeScreen, paint } from "./screen.js";
import { CHANGES } from "./state.js";

export function makeTools(app) {
  const tools = { draw: "Pen", erase: "Eraser", cover: "Grey square" };
  const tool = makeChoice("Tool", "tool", tools, "draw", app.setTool);
  const message = make("p", { class: "ex-message", role: "status" });
  const say = (text) => (message.textContent = text);
  const save = makeButton("Save", app.save);
  save.title = "Save the view as a PNG";
  const buttons = [makeButton("Clear", app.clear), makeButton("Undo", app.undo)];
  const row = make("div", { class: "ex-row" }, ...buttons, ...makeOpener(app, say), save);
  const sliders = makeSliders(app);
  const change = make(
    "details",
    { class: "ex-change" },
    make("summary", { textContent: "Shift, turn, thicken" }),
    ...Object.values(sliders).map((slider) => slider.element),
  );
  const parts = [tool.element, row, message, makeSamples(app), change];
  return {
    element: make("div", { class: "ex-tools" }, ...parts),
    show(state, name) {
      tool.set(name);
      for (const [key, slider] of Object.entries(sliders)) slider.set(state.change[key]);
      if (Object.values(state.change).some(Boolean)) change.open = true;
    },
    say,
  };
}

/** A button for each sample digit. */
function makeSamples(app) {
  const { digits, classes, size, levels } = app.network;
  const buttons = digits.map((shades, digit) => {
    const screen = makeScreen(size, size);
    paint(screen, shades, 0, [0, levels], TABLES.grey);
    const aria = { label: `Sample digit ${classes[digit]}` };
    const button = make("button", { type: "button", aria }, screen.canvas);
    button.addEventListener("click", () => app.load(shades));
    return button;
  });
  const properties = { class: "ex-samples", role: "group", aria: { label: "Sample digits" } };
  return make("div", properties, ...buttons);
}

/** Sliders that shift, turn and thicken the drawing. */
function makeSliders(app) {
  const slider = (key, text, how) => {
    const [min, max] = CHANGES[key];
    return makeSlider(text, { min, max, ...how }, (value) => app.set({ change: { [key]: value } }));
  };
  return {
    right: slider("right", "Shift right"),
    down: slider("down", "Shift down"),
    turn: slider("turn", "Turn", { step: 5, unit: "°" }),
    thick: slider("thick", "Thicken", { step: 0.25 }),
  };
}
