// Pooling: a window, its stride, and the largest value or the mean.

import { pool } from "../arithmetic/pooling.js";
import { make, makeSquare, number } from "../controls/elements.js";
import { startWidget } from "./widget.js";

/** The window, and what becomes of it. */
function explainPooling() {
  const row = make("div", { class: "ex-squares" });
  const total = make("p", { class: "ex-total" });
  const show = ({ how: { kernel, kind }, cell, size, values }, pixels) => {
    const value = values[cell.row * size + cell.column];
    const square = makeSquare("window", kernel, kernel);
    square.cells.forEach((one, i) => {
      one.textContent = pixels[i];
      one.classList.toggle("ex-largest", kind === "max" && i === pixels.indexOf(value));
    });
    row.replaceChildren(square.element);
    const sum = pixels.reduce((all, one) => all + one, 0);
    const count = pixels.length;
    total.textContent =
      kind === "max"
        ? `The largest of ${count} is ${value}.`
        : `The sum of ${count} is ${sum}, and ${sum} / ${count} = ${number(value)}.`;
  };
  return { element: make("div", {}, row, total), show };
}

for (const place of document.querySelectorAll(".ex-widget[data-widget=pooling]")) {
  startWidget(place, {
    label: "Pooling to try",
    sliders: {
      input: ["Input i", 1, 10, 8],
      kernel: ["Window k", 1, 5, 2],
      stride: ["Stride s", 1, 5, 2],
    },
    choice: ["What is kept", "kind", { max: "Largest", average: "Mean" }],
    digits: ({ kind }) => (kind === "max" ? 0 : 1),
    compute(pixels, how, size) {
      const output = new Float32Array(size * size);
      pool(pixels, [1, how.input, how.input], { ...how, size: how.kernel }, output);
      return output;
    },
    formula({ input: i, kernel: k, stride: s }, size) {
      return `o = ⌊(${i} − ${k}) / ${s}⌋ + 1 = ⌊${i - k} / ${s}⌋ + 1 = ${size}`;
    },
    refusal: ({ input, kernel }) =>
      `The window must fit into the input. It spans ${kernel} pixels, and there are ${input}, ` +
      "so PyTorch refuses. A smaller window or a larger input would work.",
    explain: explainPooling,
  });
}
