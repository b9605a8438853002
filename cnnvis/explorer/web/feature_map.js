// One map: a canvas of as many pixels as cells, and an outline above it.

import { make, setBox } from "./controls/elements.js";
import { isCell, placeName } from "./chosen_cell.js";
import { measure, spanOf } from "./colours.js";
import { makeScreen, paint } from "./screen.js";

/** One map: a canvas of as many pixels as cells, and an outline above it. */
export function makeMap(app, index, channel) {
  const { kind, shape } = app.pass.steps[index];
  const label = `${placeName(app, index, channel)} of ${shape[0]}`;
  const element = make("div", {
    class: "ex-map",
    tabIndex: -1,
    role: "application",
    aria: { roledescription: "feature map", label, describedby: "ex-map-hint" },
    data: { step: index, channel },
  });
  const under = { class: "ex-under", textContent: app.network.classes[channel] };
  const caption = kind === "fc" ? [make("span", under)] : [];
  const field = make("span", { class: "ex-field", hidden: true });
  element.append(make("span", { class: "ex-blank" }), field, ...caption);
  let screen = null;
  const range = {};
  return {
    element,
    draw(step, height, width, shared, signed, table) {
      if (!screen || screen.canvas.width !== width || screen.canvas.height !== height) {
        screen = makeScreen(height, width);
        element.firstChild.replaceWith(screen.canvas);
      }
      const from = channel * height * width;
      measure(step.values, from, from + height * width, range);
      element.classList.toggle("ex-flat", height > 1 && range.high === range.low);
      const span = shared || spanOf(range, signed);
      paint(screen, step.values, from, span, table, filledOf(app, index, channel, width));
    },
    outline(box, [, height, width], own) {
      field.hidden = !box;
      if (box) setBox(field, box, height, width);
      field.classList.toggle("ex-own", Boolean(box && own));
    },
  };
}

/** How many cells of a map are shown: those up to the chosen one while one steps through it. */
function filledOf({ filling, state: { cell } }, index, channel, width) {
  return filling && isCell(cell, index, channel) ? cell.row * width + cell.column + 1 : Infinity;
}
