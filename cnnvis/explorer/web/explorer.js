"use strict";
// Start, and tell tests and the curious what is computed; nothing can be changed through this.

/** All values of a pass by the names of its steps. */
const valuesOf = ({ steps }) =>
  Object.fromEntries(steps.map(({ name, values }) => [name, Float32Array.from(values)]));

function tellOf(app, network) {
  return Object.freeze({
    /** Names, kinds and shapes of all steps with these switches. */
    steps: ({ pooling = "max", relu = true } = {}) =>
      app
        .passOf(pooling, relu)
        .steps.map(({ name, kind, shape }) => ({ name, kind, shape: [...shape] })),
    /** All values of all steps for a picture of 784 numbers, in a pass of its own. */
    run(picture, { pooling = "max", relu = true } = {}) {
      const pass = makePass(network, { pooling, relu });
      pass.run(Float32Array.from(picture));
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
if (place && window.cnnvisNetwork) {
  const network = readNetwork(window.cnnvisNetwork);
  window.cnnvisExplorer = tellOf(startExplorer(place, network), network);
}
