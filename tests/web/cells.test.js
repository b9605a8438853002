import assert from "node:assert/strict";
import { test } from "node:test";
import { explainCell, roundTogether, thousandths } from "../../cnnvis/explorer/web/cell_arithmetic.js";
import { carryCell, cellName, isCell, nearby } from "../../cnnvis/explorer/web/chosen_cell.js";
import { makePass } from "../../cnnvis/explorer/web/forward.js";
import { stepCell } from "../../cnnvis/explorer/web/pointing.js";
import { fieldsOf } from "../../cnnvis/explorer/web/receptive_field.js";

const filled = (count) => Float32Array.from({ length: count }, (_, i) => Math.sin(i));
const network = {
  size: 8,
  classes: ["a", "b"],
  layers: [
    { name: "conv1", kind: "conv", weight: filled(18), bias: [0.1, -0.2], shape: [2, 1, 3, 3] },
    { name: "relu1", kind: "relu" },
    { name: "pool1", kind: "pool" },
    { name: "conv2", kind: "conv", weight: filled(36), bias: [0.3, 0.4], shape: [2, 2, 3, 3] },
    { name: "squeeze", kind: "squeeze" },
    { name: "fc", kind: "fc", weight: filled(36), bias: [0.5, -0.5], shape: [2, 18] },
  ],
};
function passOf(pooling = "max", relu = true) {
  const pass = makePass(network, { pooling, relu });
  pass.run(filled(64).map(Math.abs));
  return pass;
}

test("fields grow backwards, and stop at the border", () => {
  const pass = passOf();
  const boxes = fieldsOf(pass, 4, 1, 1, 1).map((one) => one && one.box);
  assert.deepEqual(boxes.slice(0, 5), [[0, 0, 7, 7], [0, 0, 6, 6], [0, 0, 6, 6], [0, 0, 3, 3], [1, 1, 2, 2]]);
  assert.equal(boxes[5], null); // what comes after is not read
  assert.deepEqual(fieldsOf(pass, 1, 0, 7, 0)[0], { channel: -1, box: [6, 0, 8, 2] });
});

test("a convolution mixes channels, a pooling keeps its own", () => {
  assert.deepEqual(fieldsOf(passOf(), 4, 1, 0, 0).map((one) => one && one.channel), [-1, -1, -1, -1, 1, null, null, null]);
  assert.equal(fieldsOf(passOf(), 3, 1, 0, 0)[2].channel, 1);
});

test("without pooling a field is smaller", () => {
  assert.deepEqual(fieldsOf(passOf("none"), 4, 0, 4, 4)[0].box, [2, 2, 7, 7]);
});

test("rounded numbers add up to their total, and none is further off than one", () => {
  assert.deepEqual(roundTogether([0.4, 0.4, 0.4], 1), [1, 0, 0]);
  assert.deepEqual(roundTogether([-1.4, -1.4, -1.4], -4), [-2, -1, -1]);
  assert.deepEqual(roundTogether([1.5, 2.5], 4), [1, 3]);
  assert.deepEqual(roundTogether([0, 0], 3), [2, 1]); // each takes a part where much is missing
});

test("thousandths have a real minus sign", () => {
  assert.equal(thousandths(1234), "1.234");
  assert.equal(thousandths(-5), "−0.005");
  assert.equal(thousandths(0), "0.000");
});

test("the shown arithmetic of any cell adds up to its value", () => {
  for (const pass of [passOf(), passOf("average"), passOf("none", false)]) {
    pass.steps.slice(1, -1).forEach(({ shape, values }, at) => {
      const index = at + 1;
      for (const row of [0, shape[1] - 1]) {
        const fact = explainCell(pass, index, 1, row, 0);
        const exact = values[(shape[1] + row) * shape[2]];
        assert.equal(fact.value, Math.round(1000 * exact));
        if (!fact.parts) continue;
        assert.equal(fact.parts.reduce((sum, part) => sum + part.sum, fact.bias), fact.value);
        for (const { products, sum } of fact.parts) {
          assert.equal(products.length, 9);
          assert.equal(products.reduce((all, one) => all + one, 0), sum);
        }
      }
    });
  }
});

test("a corner's patch is zero outside the map, and says so", () => {
  const [part] = explainCell(passOf(), 1, 0, 0, 0).parts;
  assert.deepEqual(part.inside, [false, false, false, false, true, true, false, true, true]);
  part.inside.forEach((inside, i) => assert.ok(inside || (part.patch[i] === 0 && part.products[i] === 0)));
});

test("windows are told with the rule that holds", () => {
  assert.equal(explainCell(passOf(), 2, 0, 0, 0).rule, "relu");
  assert.equal(explainCell(passOf("max", false), 2, 0, 0, 0).rule, "same");
  const fact = explainCell(passOf("average"), 3, 1, 2, 1);
  assert.equal(fact.rule, "average");
  assert.deepEqual(fact.box, [4, 2, 6, 4]);
  assert.equal(fact.window.flat().length, 4);
});

test("a cell keeps its place when maps change their size", () => {
  const cell = { index: 4, channel: 0, row: 3, column: 0 };
  assert.deepEqual(carryCell(cell, passOf(), passOf("none")), { ...cell, row: 7, column: 1 });
  assert.equal(carryCell(null, passOf(), passOf()), null);
  const app = { pass: passOf(), state: { cell: null } };
  assert.deepEqual(nearby(app, 1), { row: 4, column: 4 });
  assert.deepEqual(nearby({ ...app, state: { cell } }, 1), { row: 7, column: 1 });
});

test("keys lead from cell to cell, and not over the edge", () => {
  const cell = { index: 3, channel: 0, row: 0, column: 3 };
  const app = { pass: passOf(), state: { cell } };
  const after = (key) => stepCell(app, key, 3, 0);
  assert.deepEqual(after("ArrowLeft"), { ...cell, column: 2 });
  assert.deepEqual(after("ArrowRight"), cell);
  assert.deepEqual(after("ArrowUp"), cell);
  assert.deepEqual(after("ArrowDown"), { ...cell, row: 1 });
  assert.deepEqual(after("Home"), { ...cell, column: 0 });
  assert.deepEqual(after("PageDown"), { ...cell, channel: 1 });
  assert.deepEqual(after("PageUp"), cell);
  assert.equal(after("q"), null);
});

test("cells have names, those of classes without a place", () => {
  const app = { pass: passOf(), network, state: { cell: { index: 4, channel: 1, row: 2, column: 3 } } };
  const place = { channel: 1, row: 2, column: 3, value: -1500 };
  assert.equal(cellName(app, { kind: "conv", ...place }), "conv2, map 1, row 2, column 3: −1.500");
  app.state.cell.index = 6;
  assert.equal(cellName(app, { kind: "fc", ...place }), "fc, class b: −1.500");
  assert.equal(isCell(null, 4, 1), false);
  assert.equal(isCell(app.state.cell, 6, 1), true);
  assert.equal(isCell(app.state.cell, 6, 0), false);
});
