import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress, writeAddress } from "../../cnnvis/explorer/web/address.js";
import { packShades } from "../../cnnvis/explorer/web/shades.js";
import { plainState } from "../../cnnvis/explorer/web/state.js";

const drawn = (start) => Uint8Array.from({ length: 784 }, (_, i) => (i + start) % 16);
const network = { size: 28, levels: 15, classes: ["0", "1"], digits: [drawn(0), drawn(5)] };
const steps = [
  { name: "input", kind: "input", shape: [1, 28, 28] },
  { name: "conv1", kind: "conv", shape: [8, 28, 28] },
  { name: "pool1", kind: "pool", shape: [8, 14, 14] },
  { name: "softmax", kind: "softmax", shape: [10, 1, 1] },
];
const whole = steps.map((step) => (step.kind === "pool" ? { ...step, shape: [8, 28, 28] } : step));
const stepsOf = (pooling) => (pooling === "none" ? whole : steps);
const read = (hash) => readAddress(hash, { network, stepsOf });
const write = (changed) =>
  writeAddress({ network, pass: { steps }, state: { shades: drawn(5), ...plainState(), ...changed } });

test("a plain state names its digit alone", () => assert.equal(write({}), "#digit=1"));

test("whatever is written is read as it was", () => {
  const states = [
    {},
    { shades: drawn(3), change: { right: -8, down: 3, turn: 45, thick: 0.25 } },
    { shades: new Uint8Array(784), square: { top: 0, left: 21, size: 7 } },
    { pooling: "average", relu: false, scale: "map", colours: "grey" },
    { cell: { index: 2, channel: 7, row: 13, column: 0 } },
  ];
  for (const changed of states) {
    const { found, wrong } = read(write(changed));
    assert.deepEqual(wrong, []);
    assert.deepEqual(found, { ...plainState(), shades: drawn(5), ...changed });
  }
});

test("an empty address gives the plain state and no drawing", () => {
  for (const hash of ["", "#"]) assert.deepEqual(read(hash), { found: plainState(), wrong: [] });
});

test("what can't be read is named, left out, and takes nothing else with it", () => {
  const malformed = {
    digit: ["2", "", "01", "__proto__"],
    ink: ["zzz", "", "A".repeat(522), "A".repeat(524), `${"A".repeat(522)}!`],
    square: ["22-0", "0", "1-2-3", "-1-0", "1.5-0", "a-b"],
    right: ["9", "-8.1", "", "NaN", "Infinity", "1e9"],
    thick: ["2.25", "x"],
    pooling: ["median", "", "toString"],
    relu: ["true", "no"],
    scale: ["all"],
    colours: ["red"],
    cell: ["conv9-0-0-0", "conv1-8-0-0", "conv1-0-28-0", "conv1-0-0", "softmax-0-0-0",
      "input-0-0-0", "conv1-0-0--1", "", "pool1-0-14-0"],
    constructor: ["1"],
    __proto__: ["1"],
  };
  for (const [key, texts] of Object.entries(malformed)) {
    for (const text of texts) {
      const { found, wrong } = read(`#down=2&${key}=${encodeURIComponent(text)}`);
      assert.deepEqual(wrong, [key], `${key}=${text}`);
      assert.deepEqual(found, { ...plainState(), change: { right: 0, down: 2, turn: 0, thick: 0 },
        ...(["digit", "ink"].includes(key) ? { shades: found.shades } : {}) });
      assert.ok(!found.shades);
    }
  }
});

test("ink may be as long as the drawing alone, and as dark", () => {
  assert.equal(packShades(drawn(1)).length, Math.ceil((784 * 2) / 3));
  const { found } = readAddress(`#ink=${packShades(drawn(1))}`, { network: { ...network, levels: 14 }, stepsOf });
  assert.ok(!found.shades); // a shade of 15 where there are 14
  assert.deepEqual(read(`#ink=${packShades(drawn(1))}`).found.shades, drawn(1));
});

test("a cell is looked up on the maps that the address's switches give", () => {
  const cell = { index: 2, channel: 0, row: 27, column: 27 };
  assert.deepEqual(read("#cell=pool1-0-27-27&pooling=none").found.cell, cell);
  assert.deepEqual(read("#cell=pool1-0-27-27").wrong, ["cell"]);
});
