// The kernels of the first layer, above the maps that they give.

import { make, number } from "./controls/elements.js";
import { TABLES, measure, spanOf } from "./colours.js";
import { makeScreen, paint } from "./screen.js";

/** The kernels of the first layer, above the maps that they give. */
export function makeKernels(app, index) {
  const { weight, shape } = app.pass.steps[index].layer;
  const range = {};
  measure(weight, 0, weight.length, range);
  const row = make(
    "div",
    { class: "ex-maps ex-kernels ex-columns-8", role: "group", aria: { label: "Kernels" } },
  );
  for (let channel = 0; channel < shape[0]; channel++) {
    const screen = makeScreen(3, 3);
    paint(screen, weight, channel * 9, spanOf(range, true), TABLES.diverging);
    const numbers = Array.from(weight.slice(channel * 9, channel * 9 + 9), (one) => number(one));
    const rows = [0, 3, 6].map((at) => numbers.slice(at, at + 3).join(" "));
    const label = `Kernel of map ${channel}: ${rows.join("; ")}`;
    screen.canvas.title = label;
    screen.canvas.setAttribute("role", "img");
    screen.canvas.setAttribute("aria-label", label);
    row.append(make("div", { class: "ex-kernel" }, screen.canvas));
  }
  return row;
}
