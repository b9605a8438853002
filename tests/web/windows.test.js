import assert from "node:assert/strict";
import { test } from "node:test";
import { questionOn } from "../../cnnvis/explorer/web/questions.js";
import {
  placesText, readOf, ringOf, tapsOf, unreadText, widthOf, windowOf,
} from "../../cnnvis/explorer/web/widgets/windows.js";

test("a window reads rows apart, and some of them in the padding", () => {
  assert.deepEqual(tapsOf(0, { kernel: 3, stride: 2, padding: 1 }), [-1, 0, 1]);
  assert.deepEqual(tapsOf(2, { kernel: 3, stride: 2, padding: 1 }), [3, 4, 5]);
  assert.deepEqual(tapsOf(1, { kernel: 3, stride: 1, padding: 1, dilation: 2 }), [0, 2, 4]);
  assert.equal(widthOf({ kernel: 3, dilation: 3 }), 7);
  assert.equal(widthOf({ kernel: 1, dilation: 3 }), 1);
});

test("pixels that no window reads are counted", () => {
  const how = { input: 8, kernel: 3, stride: 2 };
  assert.deepEqual([...readOf(how, 3)], [0, 1, 2, 3, 4, 5, 6]);
  assert.match(unreadText(how, 3), /^15 of the 64 pixels/);
  assert.equal(unreadText({ ...how, input: 7 }, 3), "Each of the 49 pixels is read.");
});

test("a window's pixels, undefined in the padding", () => {
  const app = { how: { input: 2, kernel: 2, stride: 1, padding: 1 }, pixels: [1, 2, 3, 4] };
  assert.deepEqual(windowOf(app, 0, 0), [undefined, undefined, undefined, 1]);
  assert.deepEqual(windowOf(app, 1, 1), [1, 2, 3, 4]);
});

test("places in words", () => {
  assert.equal(placesText("row", [0]), "row 0");
  assert.equal(placesText("row", [2, 3, 4]), "rows 2 to 4");
  assert.equal(placesText("column", [-1, 1, 3]), "columns −1, 1 and 3");
});

test("the ring has whole numbers from 0 to 9", () => {
  for (const size of [1, 4, 10]) {
    const ring = ringOf(size);
    assert.equal(ring.length, size * size);
    assert.ok(ring.every((one) => Number.isInteger(one) && one >= 0 && one <= 9));
  }
  assert.equal(Math.max(...ringOf(8)), 9);
});

test("what was tried leads to its question", () => {
  const changed = (change) => ({ change: { right: 0, down: 0, turn: 0, ...change } });
  assert.equal(questionOn({ pooling: "none" }), "no pooling");
  assert.equal(questionOn({ pooling: "max", relu: true, scale: "layer" }), "");
  assert.equal(questionOn({ relu: false }), "relu");
  assert.equal(questionOn(changed({ down: -4 })), "shift");
  assert.equal(questionOn(changed({ down: 3, turn: 40 })), "");
});
