// One pass through all layers, for one position of the switches; all memory is taken beforehand.

import { convolve } from "./arithmetic/convolution.js";
import { pool, squeezeMaps } from "./arithmetic/pooling.js";
import { connect, rectify, softmax } from "./arithmetic/relu_linear_softmax.js";

/**
 * @typedef {[channels: number, height: number, width: number]} Shape
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {"input" | "conv" | "relu" | "pool" | "squeeze" | "fc" | "softmax"} kind
 * @property {Shape} shape
 * @property {Float32Array} values channel by channel, row by row
 * @property {any} layer the network's, where the step is one; else null
 *
 * @typedef {object} Pass
 * @property {Step[]} steps from the input to the probabilities
 * @property {"max" | "average" | "none"} pooling
 * @property {boolean} relu
 * @property {(pixels: Float32Array) => void} run fills the values of all steps
 * @property {Float32Array} probabilities
 */

const SAME = { kernel: 3, padding: 1 };
export const TARGET = 3; // `squeeze` brings maps to 3×3, whatever their size

/**
 * The shape of a layer's output, from that of its input.
 * @returns {Shape}
 */
function shapeAfter(layer, [channels, height, width], pooling) {
  if (layer.kind === "conv") return [layer.shape[0], height, width];
  if (layer.kind === "pool" && pooling !== "none") return [channels, height >> 1, width >> 1];
  if (layer.kind === "squeeze") return [channels, TARGET, TARGET];
  if (layer.kind === "fc") return [layer.bias.length, 1, 1];
  return [channels, height, width];
}

/**
 * A pass for one position of the switches.
 * @param {import("./network.js").Network} network
 * @param {Pick<Pass, "pooling" | "relu">} switches
 * @returns {Pass}
 */
export function makePass(network, { pooling, relu }) {
  const size = network.size;
  const values = new Float32Array(size * size);
  /** @type {Step[]} */
  const steps = [
    { name: "input", kind: "input", shape: [1, size, size], layer: null, values },
  ];
  for (const layer of network.layers) {
    const shape = shapeAfter(layer, steps[steps.length - 1].shape, pooling);
    steps.push({
      name: layer.name,
      kind: layer.kind,
      layer,
      shape,
      values: new Float32Array(shape[0] * shape[1] * shape[2]),
    });
  }
  const logits = steps[steps.length - 1];
  /** @type {Step} */
  const probabilities = {
    name: "softmax",
    kind: "softmax",
    shape: logits.shape,
    layer: null,
    values: new Float32Array(logits.values.length),
  };
  steps.push(probabilities);
  const run = (pixels) => {
    steps[0].values.set(pixels);
    for (let i = 1; i < steps.length; i++) runStep(steps[i], steps[i - 1], pooling, relu);
  };
  return { steps, pooling, relu, run, probabilities: probabilities.values };
}

/** Compute one step from the one before it. */
function runStep(step, before, pooling, relu) {
  const { layer, values } = step;
  if (step.kind === "conv") {
    convolve(before.values, before.shape, layer.weight, layer.bias, SAME, values);
  } else if (step.kind === "relu" && relu) rectify(before.values, values);
  else if (step.kind === "pool" && pooling !== "none") {
    pool(before.values, before.shape, { kind: pooling }, values);
  } else if (step.kind === "squeeze") squeezeMaps(before.values, before.shape, TARGET, values);
  else if (step.kind === "fc") connect(before.values, layer.weight, layer.bias, values);
  else if (step.kind === "softmax") softmax(before.values, values);
  else values.set(before.values);
}
