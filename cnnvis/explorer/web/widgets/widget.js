// What both widgets are: sliders, a small image with the window on it, and what comes out.

import { outputSize } from "../arithmetic/convolution.js";
import { make, makeAnnouncer, makeChoice, makeSlider, number } from "../controls/elements.js";
import { makeStepper } from "../controls/stepping.js";
import { listenToBoard, makeBoard, showInput, showOutput } from "./board.js";
import { placesText, ringOf, tapsOf, unreadText, windowOf } from "./windows.js";

/** Sliders and, where there is one, a choice; their first values go to `how`. */
function makeControls({ sliders, choice }, how, change) {
  const element = make("div", { class: "ex-controls" });
  for (const [key, [text, min, max, value]] of Object.entries(sliders)) {
    how[key] = value;
    const one = makeSlider(text, { min, max, value }, (next) => change({ [key]: next }));
    element.append(one.element);
  }
  if (choice) {
    const [legend, key, options] = choice;
    [how[key]] = Object.keys(options);
    const one = makeChoice(legend, key, options, how[key], (next) => change({ [key]: next }));
    element.append(one.element);
  }
  return element;
}

/**
 * Build a widget in `place`: `its` label, its controls, and functions of their settings `how`:
 * compute(pixels, how, size), formula(how, size), refusal(how) where no window fits, digits(how)
 * of the values shown, and explain(), a view of the open window.
 */
export function startWidget(place, its) {
  /** @type {any} */
  const app = { how: {}, cell: { row: 1, column: 1 }, size: 0 };
  const { how, cell } = app;
  const announcer = makeAnnouncer(600);
  const [formula, message, facts, said] = ["formula", "message", "note", "said"].map((name) =>
    make("p", { class: `ex-${name}` }),
  );
  const input = makeBoard();
  const output = makeBoard({
    tabIndex: 0,
    role: "application",
    aria: { roledescription: "output map", label: "Output; arrow keys move the window" },
  });
  const view = its.explain();

  const choose = (row, column, aloud) => {
    const limit = (value) => Math.min(app.size - 1, Math.max(0, value));
    Object.assign(cell, { row: limit(row), column: limit(column) });
    showInput(app, input);
    showOutput(app, output, its.digits(how));
    const value = number(app.values[cell.row * app.size + cell.column], its.digits(how));
    const rows = placesText("row", tapsOf(cell.row, how));
    const columns = placesText("column", tapsOf(cell.column, how));
    said.textContent =
      `Row ${cell.row}, column ${cell.column} of the output is ${value}. ` +
      `It reads ${rows} and ${columns} of the input.`;
    view.show(app, windowOf(app, cell.row, cell.column));
    if (aloud) announcer.say(said.textContent);
  };
  const stepper = makeStepper("Move the window", {
    at: () => cell.row * app.size + cell.column,
    count: () => app.size ** 2,
    go: (to, aloud) => choose(Math.floor(to / app.size), to % app.size, aloud),
  });
  const update = () => {
    app.size = outputSize(how.input, how);
    const fits = app.size > 0;
    live.hidden = !fits;
    message.textContent = fits ? "" : its.refusal(how);
    formula.textContent = fits ? its.formula(how, app.size) : "";
    if (!fits) return stepper.stop();
    facts.textContent = unreadText(how, app.size);
    app.pixels = ringOf(how.input);
    app.values = its.compute(app.pixels, how, app.size);
    choose(cell.row, cell.column, false);
  };
  const controls = makeControls(its, how, (settings) => {
    Object.assign(how, settings);
    update();
    const words = `The output has ${app.size} by ${app.size} values.`;
    announcer.say(message.textContent || words);
  });

  const boards = make("div", { class: "ex-boards" }, input.element, output.element);
  const live = make("div", {}, boards, facts, stepper.element, said, view.element);
  listenToBoard(output, cell, choose);
  update();
  const parts = [controls, formula, message, live, announcer.element];
  place.replaceChildren(make("section", { class: "ex-all", aria: { label: its.label } }, ...parts));
}
