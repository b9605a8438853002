import assert from "node:assert/strict";
import { test } from "node:test";
import { TABLES, isSigned, measure, spanOf, tableOf } from "../../cnnvis/explorer/web/colours.js";

const bytes = (colour) => [...new Uint8Array(Uint32Array.of(colour).buffer)];

test("tables begin and end on their first and last colour, and the middle of signed ones is light", () => {
  assert.deepEqual(bytes(TABLES.viridis[0]), [0x44, 0x01, 0x54, 255]);
  assert.deepEqual(bytes(TABLES.viridis[255]), [0xfd, 0xe7, 0x25, 255]);
  assert.deepEqual(bytes(TABLES.grey[51]), [51, 51, 51, 255]);
  for (const at of [127, 128]) assert.ok(bytes(TABLES.diverging[at]).every((one) => one > 240));
});

test("the range of some values of many", () => {
  const range = {};
  measure([9, -1, 3, -9], 1, 3, range);
  assert.deepEqual(range, { low: -1, high: 3 });
});

test("signed values span as far on both sides of zero, others start there", () => {
  assert.deepEqual(spanOf({ low: -3, high: 1 }, true), [-3, 3]);
  assert.deepEqual(spanOf({ low: 0.5, high: 2 }, false), [0, 2]);
  for (const signed of [true, false]) assert.equal(spanOf({ low: 0, high: 0 }, signed)[1], 1);
});

test("values before a ReLU are signed, and all are where it is switched off", () => {
  assert.equal(isSigned({ kind: "conv" }, { relu: true }), true);
  assert.equal(isSigned({ kind: "pool" }, { relu: true }), false);
  assert.equal(isSigned({ kind: "pool" }, { relu: false }), true);
  assert.equal(tableOf({ colours: "grey" }, true), TABLES.signed);
  assert.equal(tableOf({ colours: "colour" }, false), TABLES.viridis);
});
