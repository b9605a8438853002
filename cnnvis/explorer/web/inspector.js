// The arithmetic of the chosen cell, in numbers that add up as they are shown.

import { make, makeButton } from "./controls/elements.js";
import { makeStepper } from "./controls/stepping.js";
import { cellName } from "./chosen_cell.js";
import { makeProducts } from "./inspector_products.js";
import { makeWindow } from "./inspector_window.js";
import { fieldsOf } from "./receptive_field.js";

const INVITATION =
  "Point at a cell of a map, tap it, or walk there with the arrow keys: " +
  "what it sees is outlined, and its arithmetic opens here.";

export function makeInspector(app) {
  const title = make("h2", { id: "ex-cell-title", tabIndex: -1 });
  const text = make("p", { class: "ex-cell-text" });
  const body = make("div", { class: "ex-sum" });
  const close = makeButton("Close", app.release);
  const head = make("div", { class: "ex-cell-head" }, title, close);
  const stepper = makeStepper("Step through this convolution", walkOf(app));
  const element = make(
    "section",
    { class: "ex-cell", aria: { labelledby: title.id } },
    head,
    text,
    body,
    stepper.element,
  );
  let view = null;
  let kindShown = "";

  const show = (fact, pass) => {
    element.classList.toggle("ex-open", Boolean(fact));
    close.hidden = !fact;
    stepper.element.hidden = !fact || fact.kind !== "conv";
    if (!fact || fact.kind !== "conv") stepper.stop();
    if (!fact) {
      title.textContent = "Any cell, opened";
      text.textContent = INVITATION;
      body.replaceChildren();
      kindShown = "";
      return;
    }
    const key = `${fact.name} ${fact.parts ? "" : fact.rule}`;
    if (key !== kindShown) {
      view = fact.parts ? makeProducts(app, fact) : makeWindow(fact);
      body.replaceChildren(view.element);
      kindShown = key;
    }
    title.textContent = cellName(app, fact);
    text.textContent = fieldText(pass, app.state.cell);
    view.show(fact);
  };
  return { element, show, title };
}

/** The way through the chosen cell's map, in reading order; the map fills behind it. */
function walkOf(app) {
  const sizes = () => app.pass.steps[app.state.cell.index].shape;
  return {
    at: () => app.state.cell.row * sizes()[2] + app.state.cell.column,
    count: () => sizes()[1] * sizes()[2],
    go(to, aloud) {
      app.filling = true;
      const [row, column] = [Math.floor(to / sizes()[2]), to % sizes()[2]];
      app.choose({ ...app.state.cell, row, column }, true, aloud);
      app.redraw(); // also where the cell stays the same: now the map fills
    },
  };
}

/** Which pixels of the image a cell sees, in words. */
function fieldText(pass, { index, channel, row, column }) {
  const [top, left, bottom, right] = fieldsOf(pass, index, channel, row, column)[0].box;
  const [height, width] = [bottom - top, right - left];
  const where = `rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}`;
  return `It sees ${height}×${width} pixels of the image: ${where}.`;
}
