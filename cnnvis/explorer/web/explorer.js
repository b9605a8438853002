// Start, and tell tests and the curious what is computed; nothing can be changed through this.

import { convolve, outputSize } from "./arithmetic/convolution.js";
import { explainCell } from "./cell_arithmetic.js";
import { makePass } from "./forward.js";
import { readNetwork } from "./network.js";
import { startExplorer } from "./page.js";
import { fieldsOf } from "./receptive_field.js";

/** All values of a pass by the names of its steps. */
const valuesOf = ({ steps }) =>
  Object.fromEntries(steps.map(({ name, values }) => [name, Float32Array.from(values)]));

/** @type {Pick<import("./forward.js").Pass, "pooling" | "relu">} */
const TRAINED = { pooling: "max", relu: true };

function tellOf(app, network) {
  return Object.freeze({
    /** Names, kinds and shapes of all steps with these switches. */
    steps: ({ pooling, relu } = TRAINED) =>
      app
        .passOf(pooling, relu)
        .steps.map(({ name, kind, shape }) => ({ name, kind, shape: [...shape] })),
    /** All values of all steps for an image of 784 numbers, in a pass of its own. */
    run(image, switches = TRAINED) {
      const pass = makePass(network, switches);
      pass.run(Float32Array.from(image));
      return valuesOf(pass);
    },
    /** What the page shows now. */
    values: () => valuesOf(app.pass),
    state: () =>
      structuredClone({ ...app.state, shades: [...app.state.shades], tool: app.tool }),
    /** The arithmetic of a cell as the page shows it, in thousandths. */
    explain: (index, channel, row, column) => explainCell(app.pass, index, channel, row, column),
    fields: (index, channel, row, column) => fieldsOf(app.pass, index, channel, row, column),
    /** A convolution of any kind: shape [C, H, W], how { kernel, stride, padding, dilation }. */
    convolve(input, shape, weight, bias, how) {
      const [rows, columns] = [outputSize(shape[1], how), outputSize(shape[2], how)];
      const output = new Float32Array(bias.length * rows * columns);
      convolve(input, shape, weight, bias, how, output);
      return output;
    },
    /** Milliseconds: the last forward pass and frame, and from the start to the first maps. */
    times: () => ({ ...app.times }),
  });
}

const place = document.querySelector(".explorer");
const exported = window["cnnvisNetwork"];

if (place && exported) {
  const network = readNetwork(exported);
  window["cnnvisExplorer"] = tellOf(startExplorer(place, network), network);
}
