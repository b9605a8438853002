// Convolution: input, kernel, stride, padding and dilation, and what they make.

import { convolve } from "../arithmetic/convolution.js";
import { make, makeSquare, number, sign } from "../controls/elements.js";
import { startWidget } from "./widget.js";
import { widthOf } from "./windows.js";

/** Weights that take what is on the left from what is on the right. */
const edgeKernel = (kernel) =>
  Float32Array.from({ length: kernel * kernel }, (_, i) =>
    kernel === 1 ? 1 : Math.sign(2 * (i % kernel) - kernel + 1),
  );

/** Window × weights = products, and their sum. */
function explainProducts() {
  const row = make("div", { class: "ex-squares" });
  const total = make("p", { class: "ex-total" });
  const show = ({ how: { kernel }, cell, size, values }, pixels) => {
    const names = ["window", "weights", "products"];
    const [patch, weights, products] = names.map((name) => makeSquare(name, kernel, kernel));
    edgeKernel(kernel).forEach((weight, i) => {
      const pixel = pixels[i] || 0;
      patch.cells[i].textContent = number(pixel, 0);
      patch.cells[i].classList.toggle("ex-outside", pixels[i] === undefined);
      weights.cells[i].textContent = number(weight, 0);
      products.cells[i].textContent = number(pixel * weight, 0);
    });
    const [one, two, three] = [patch, weights, products].map((square) => square.element);
    row.replaceChildren(one, sign("×"), two, sign("="), three);
    const value = number(values[cell.row * size + cell.column], 0);
    const count = kernel === 1 ? "The product is" : `The ${kernel ** 2} products add up to`;
    total.textContent = `${count} ${value}.`;
  };
  return { element: make("div", {}, row, total), show };
}

for (const place of document.querySelectorAll(".ex-widget[data-widget=convolution]")) {
  startWidget(place, {
    label: "Convolution to try",
    sliders: {
      input: ["Input i", 1, 10, 7],
      kernel: ["Kernel k", 1, 5, 3],
      stride: ["Stride s", 1, 4, 1],
      padding: ["Padding p", 0, 3, 0],
      dilation: ["Dilation d", 1, 3, 1],
    },
    digits: () => 0,
    compute(pixels, how, size) {
      const output = new Float32Array(size * size);
      convolve(pixels, [1, how.input, how.input], edgeKernel(how.kernel), [0], how, output);
      return output;
    },
    formula({ input: i, kernel: k, stride: s, padding: p, dilation: d }, size) {
      const room = i + 2 * p - d * (k - 1) - 1;
      const numbers = `(${i} + 2·${p} − ${d}·(${k} − 1) − 1) / ${s}`;
      return `o = ⌊${numbers}⌋ + 1 = ⌊${room} / ${s}⌋ + 1 = ${size}`;
    },
    refusal: (how) =>
      "The window must fit into the input and its padding. It spans " +
      `${widthOf(how)} pixels, and there are ${how.input + 2 * how.padding}, so PyTorch refuses. ` +
      "A smaller kernel, less dilation, more padding or a larger input would work.",
    explain: explainProducts,
  });
}
