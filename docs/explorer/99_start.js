"use strict";
// Start, and tell tests and the curious what is computed; nothing can be changed through this.

const place = document.querySelector(".explorer");
if (place && window.cnnvisNetwork) {
  const network = readNetwork(window.cnnvisNetwork);
  const { app, times, passOf } = startExplorer(place, network);

  window.cnnvisExplorer = Object.freeze({
    /** Names, kinds and shapes of all steps with these switches. */
    steps: ({ pooling = "max", relu = true } = {}) =>
      passOf(pooling, relu).steps.map(({ name, kind, shape }) => {
        return { name, kind, shape: [...shape] };
      }),
    /** All values of all steps for a picture of 784 numbers, in a pass of its own. */
    run(picture, { pooling = "max", relu = true } = {}) {
      const pass = makePass(network, { pooling, relu });
      pass.run(Float32Array.from(picture));
      return Object.fromEntries(pass.steps.map(
        ({ name, values }) => [name, Float32Array.from(values)],
      ));
    },
    /** What the page shows now. */
    values: () => Object.fromEntries(app.pass.steps.map(
      ({ name, values }) => [name, Float32Array.from(values)],
    )),
    state: () => JSON.parse(JSON.stringify(
      { ...app.state, shades: [...app.state.shades], tool: app.tool },
    )),
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
    times: () => ({ ...times }),
  });
}
