import assert from "node:assert/strict";
import { test } from "node:test";
import { convolve, outputSize } from "../../cnnvis/explorer/web/arithmetic/convolution.js";

function convolved(input, shape, weight, bias, how) {
  const size = outputSize(shape[1], how) * outputSize(shape[2], how);
  const output = new Float32Array(bias.length * size).fill(7); // what was there must not matter
  convolve(Float32Array.from(input), shape, Float32Array.from(weight), bias, how, output);
  return [...output];
}

const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const ones = new Array(9).fill(1);

test("as many windows fit as PyTorch's documentation says", () => {
  assert.equal(outputSize(28, { kernel: 3, padding: 1 }), 28);
  assert.equal(outputSize(7, { kernel: 3, stride: 2 }), 3);
  assert.equal(outputSize(8, { kernel: 3, stride: 2 }), 3); // the last column is read by none
  assert.equal(outputSize(10, { kernel: 3, dilation: 3 }), 4);
  assert.equal(outputSize(2, { kernel: 3 }), 0);
});

test("with a border of zeros, corners sum four cells, edges six, the middle all", () => {
  const found = convolved(nine, [1, 3, 3], ones, [0], { kernel: 3, padding: 1 });
  assert.deepEqual(found, [12, 21, 16, 27, 45, 33, 24, 39, 28]);
});

test("a kernel is not flipped", () => {
  const right = [0, 0, 0, 0, 0, 1, 0, 0, 0]; // takes what is to the right of the middle
  const found = convolved(nine, [1, 3, 3], right, [0], { kernel: 3, padding: 1 });
  assert.deepEqual(found, [2, 3, 0, 5, 6, 0, 8, 9, 0]);
});

test("all channels are added up, each with its own weights, and the bias once", () => {
  const found = convolved([1, 2, 10, 20], [2, 1, 2], [3, -1, 5, 1], [0.5, -100], { kernel: 1 });
  assert.deepEqual(found, [-6.5, -13.5, -85, -70]);
});

test("stride and dilation pick cells apart", () => {
  const sixteen = Array.from({ length: 16 }, (_, i) => i);
  const two = [1, 1, 1, 1];
  assert.deepEqual(convolved(sixteen, [1, 4, 4], two, [0], { kernel: 2, stride: 2 }), [10, 18, 42, 50]);
  assert.deepEqual(convolved(sixteen, [1, 4, 4], two, [0], { kernel: 2, dilation: 3 }), [30]);
});

test("the path for 3×3 kernels gives what the one for all kernels gives", () => {
  const input = Array.from({ length: 2 * 5 * 4 }, (_, i) => Math.sin(i));
  const weight = Array.from({ length: 3 * 2 * 9 }, (_, i) => Math.cos(i));
  const quick = convolved(input, [2, 5, 4], weight, [1, 2, 3], { kernel: 3, padding: 1 });
  const wide = convolved(input, [2, 5, 4], weight, [1, 2, 3], { kernel: 3, padding: 2 });
  const inner = wide.filter((_, i) => {
    const [row, column] = [Math.floor(i / 6) % 7, i % 6];
    return row > 0 && row < 6 && column > 0 && column < 5;
  });
  assert.equal(quick.length, inner.length);
  quick.forEach((value, i) => assert.ok(Math.abs(value - inner[i]) < 1e-5));
});

test("a map of one column has neighbours above and below alone", () => {
  const how = { kernel: 3, padding: 1 };
  assert.deepEqual(convolved([1, 2, 3], [1, 3, 1], ones, [0], how), [3, 6, 5]);
});
