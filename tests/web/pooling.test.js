import assert from "node:assert/strict";
import { test } from "node:test";
import { adaptiveWindow, pool, squeezeMaps } from "../../cnnvis/explorer/web/arithmetic/pooling.js";

function pooled(input, shape, how, count) {
  const output = new Float32Array(count);
  pool(Float32Array.from(input), shape, how, output);
  return [...output];
}

test("the largest of each window is kept, also where several are equal or all are negative", () => {
  const input = [5, 5, -1, -2, 5, 0, -3, -4];
  assert.deepEqual(pooled(input, [1, 2, 4], { kind: "max" }, 2), [5, -1]);
});

test("a last row and a last column that fill no window are left out", () => {
  const input = [1, 2, 90, 3, 4, 91, 92, 93, 94];
  assert.deepEqual(pooled(input, [1, 3, 3], { kind: "max" }, 1), [4]);
  assert.deepEqual(pooled(input, [1, 3, 3], { kind: "average" }, 1), [2.5]);
});

test("windows overlap where the stride is smaller than they are, in every channel", () => {
  const input = [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  const how = { kind: "max", size: 2, stride: 1 };
  assert.deepEqual(pooled(input, [2, 3, 3], how, 8), [5, 6, 8, 9, 9, 8, 6, 5]);
});

test("adaptive windows cover all cells, overlap where sizes don't divide, and are one cell at least", () => {
  assert.deepEqual([0, 1, 2].map((at) => adaptiveWindow(at, 7, 3)), [[0, 3], [2, 5], [4, 7]]);
  assert.deepEqual([0, 1, 2].map((at) => adaptiveWindow(at, 3, 3)), [[0, 1], [1, 2], [2, 3]]);
  assert.deepEqual([0, 1, 2].map((at) => adaptiveWindow(at, 2, 3)), [[0, 1], [0, 2], [1, 2]]);
});

test("means over adaptive windows", () => {
  const output = new Float32Array(8);
  squeezeMaps(Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, ...new Array(9).fill(2)]), [2, 3, 3], 2, output);
  assert.deepEqual([...output], [3, 4, 6, 7, 2, 2, 2, 2]);
});
