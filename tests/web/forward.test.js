import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, rectify, softmax } from "../../cnnvis/explorer/web/arithmetic/relu_linear_softmax.js";
import { makePass } from "../../cnnvis/explorer/web/forward.js";
import { halfToNumber, readNetwork } from "../../cnnvis/explorer/web/network.js";
import { packShades, unpackShades, bytesOf } from "../../cnnvis/explorer/web/shades.js";

const computed = (layer, ...given) => {
  const output = new Float32Array(given.pop());
  layer(...given, output);
  return [...output];
};

test("ReLU keeps what is positive", () => {
  assert.deepEqual(computed(rectify, [-2, -0.5, 0, 0.5, 2], 5), [0, 0, 0, 0.5, 2]);
});

test("a fully connected layer adds up all inputs, each times its weight, and the bias", () => {
  assert.deepEqual(computed(connect, [1, 2, 3], [1, 0, -1, 2, 2, 2], [0.5, -1], 2), [-1.5, 11]);
});

test("softmax adds up to one, and takes logits that are huge or equal", () => {
  assert.deepEqual(computed(softmax, [1000, 1000], 2), [0.5, 0.5]);
  const [small, large] = computed(softmax, [0, Math.log(3)], 2);
  assert.ok(Math.abs(small - 0.25) < 1e-7);
  assert.ok(Math.abs(large - 0.75) < 1e-7);
});

test("half precision: zeros, subnormal numbers, the largest, infinity and NaN", () => {
  const known = { 0x3c00: 1, 0xc000: -2, 0x3555: 0.333251953125, 0x7bff: 65504, 0x0001: 2 ** -24 };
  for (const [bits, value] of Object.entries(known)) assert.equal(halfToNumber(Number(bits)), value);
  assert.ok(Object.is(halfToNumber(0x8000), -0));
  assert.equal(halfToNumber(0xfc00), -Infinity);
  assert.ok(Number.isNaN(halfToNumber(0x7e00)));
});

test("shades are packed two to a byte, and come back", () => {
  const shades = Uint8Array.from([0, 15, 7, 8]);
  assert.equal(packShades(shades), "D3g");
  assert.deepEqual(unpackShades(bytesOf("D3g="), 4), shades);
  assert.equal(packShades(Uint8Array.from([15, 15, 15, 14])), "__4"); // + and / mean other things
});

/** A network on images of 4×4: one kernel that copies, ReLU, pooling, means, two classes. */
function smallNetwork() {
  const halves = { 0: 0, 1: 0x3c00, "-1": 0xbc00 };
  const kernel = [0, 0, 0, 0, 1, 0, 0, 0, 0];
  const linear = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const bits = [...kernel, -1, ...linear, 0, 1].map((value) => halves[value]);
  const bytes = [...bits.map((one) => one & 255), ...bits.map((one) => one >> 8)];
  return readNetwork({
    layers: [["conv", "Conv2d"], ["relu", "ReLU"], ["pool", "MaxPool2d"],
      ["squeeze", "AdaptiveAvgPool2d"], ["fc", "Linear"]],
    shapes: { "conv.weight": [1, 1, 3, 3], "conv.bias": [1], "fc.weight": [2, 9], "fc.bias": [2] },
    weights: btoa(String.fromCharCode(...bytes)),
    classes: ["a", "b"],
    digits: [],
    size: 4,
    levels: 15,
  });
}
const pixels = Float32Array.from([5, 2, 0, 0, 3, 4, 0, 0, 0, 0, 1, 1, 0, 0, 1, 9]);

function logits(switches) {
  const pass = makePass(smallNetwork(), switches);
  pass.run(pixels);
  return Object.fromEntries(pass.steps.map(({ name, values }) => [name, [...values]]));
}

test("a pass as it was trained: the bias is taken away, ReLU cuts, the largest stay", () => {
  const found = logits({ pooling: "max", relu: true });
  assert.deepEqual(found.conv, [4, 1, -1, -1, 2, 3, -1, -1, -1, -1, 0, 0, -1, -1, 0, 8]);
  assert.deepEqual(found.relu, [4, 1, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
  assert.deepEqual(found.pool, [4, 0, 0, 8]);
  assert.deepEqual(found.squeeze, [4, 2, 0, 2, 3, 4, 0, 4, 8]);
  assert.deepEqual(found.fc, [4, 9]);
  assert.ok(Math.abs(found.softmax[0] - 1 / (1 + Math.exp(5))) < 1e-7);
});

test("switches change the layers that they are named after", () => {
  const mean = logits({ pooling: "average", relu: true });
  assert.deepEqual(mean.pool, [2.5, 0, 0, 2]);
  const whole = logits({ pooling: "none", relu: true });
  assert.deepEqual(whole.pool, whole.relu);
  assert.deepEqual(whole.squeeze.slice(0, 2), [2.5, 1]); // the means of 2×2 cells that overlap
  const signed = logits({ pooling: "max", relu: false });
  assert.deepEqual(signed.relu, signed.conv);
  assert.deepEqual(signed.pool, [4, -1, -1, 8]);
});

test("a pass that ran before leaves nothing behind", () => {
  const pass = makePass(smallNetwork(), { pooling: "max", relu: true });
  pass.run(pixels.map((one) => 10 * one));
  pass.run(pixels);
  assert.deepEqual([...pass.steps[5].values], [4, 9]);
});
