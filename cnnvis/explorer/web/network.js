// The network as the build exported it: half precision in base64 becomes single precision.

import { bytesOf, unpackShades } from "./shades.js";

/** The value of one half-precision number (IEEE 754 binary16), given by its 16 bits. */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** All weights by name, as Float32Array, from the packed text and the shapes in its order. */
function readWeights(text, shapes) {
  const bytes = bytesOf(text);
  const half = bytes.length / 2; // first all low bytes, then all high ones
  const weights = {};
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++, at++) {
      values[i] = halfToNumber(bytes[at] | (bytes[half + at] << 8));
    }
    weights[name] = values;
  }
  return weights;
}

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {"conv" | "relu" | "pool" | "squeeze" | "fc"} kind
 * @property {Float32Array} [weight]
 * @property {Float32Array} [bias]
 * @property {number[]} [shape] of the weight
 *
 * @typedef {object} Network
 * @property {Layer[]} layers in the order in which they run
 * @property {Uint8Array[]} digits one drawing for each class, in shades
 * @property {string[]} classes
 * @property {number} size of its images, in pixels
 * @property {number} levels shades above black that a drawing can have
 */

/**
 * The exported text as an object.
 * @returns {Network}
 */
export function readNetwork(data) {
  const weights = readWeights(data.weights, data.shapes);
  const kinds = { Conv2d: "conv", ReLU: "relu", MaxPool2d: "pool", AdaptiveAvgPool2d: "squeeze" };
  const layers = data.layers.map(([name, kind]) => ({
    name,
    kind: kinds[kind] || "fc",
    weight: weights[`${name}.weight`],
    bias: weights[`${name}.bias`],
    shape: data.shapes[`${name}.weight`],
  }));
  const count = data.size * data.size;
  const digits = data.digits.map((text) => unpackShades(bytesOf(text), count));
  return { layers, digits, classes: data.classes, size: data.size, levels: data.levels };
}
