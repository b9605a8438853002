// How the value of one cell comes about, in thousandths that add up as they are shown.

import { fieldsOf } from "./receptive_field.js";

/** Thousandths as text with a real minus sign: 1234 becomes 1.234. */
export const thousandths = (n) => `${n < 0 ? "−" : ""}${(Math.abs(n) / 1000).toFixed(3)}`;

/**
 * Whole numbers that are near `values` and add up to `total` exactly: each is rounded, and those
 * that were furthest off take up what is missing. So what is shown adds up as it is shown.
 */
export function roundTogether(values, total) {
  const whole = values.map(Math.round);
  let missing = total - whole.reduce((sum, one) => sum + one, 0);
  const order = values.map((_, i) => i);
  const way = Math.sign(missing);
  order.sort((a, b) => way * (values[b] - whole[b] - (values[a] - whole[a])));
  for (let i = 0; missing !== 0; i = (i + 1) % order.length, missing -= way) whole[order[i]] += way;
  return whole;
}

/**
 * How a cell's value comes about, in thousandths that add up: for all kinds of layers.
 * @param {import("./forward.js").Pass} pass
 */
export function explainCell(pass, index, channel, row, column) {
  const step = pass.steps[index];
  const [, height, width] = step.shape;
  const value = step.values[(channel * height + row) * width + column];
  const fact = {
    name: step.name,
    kind: step.kind,
    channel,
    row,
    column,
    value: Math.round(value * 1000),
    exact: value,
  };
  if (index === 0) return fact;
  const before = pass.steps[index - 1];
  if (step.kind === "conv") return Object.assign(fact, explainSum(step, before, fact));
  // a class reads each 3×3 map whole, as a kernel does that stands in its middle
  if (step.kind === "fc") {
    return Object.assign(fact, explainSum(step, before, { ...fact, row: 1, column: 1 }));
  }
  const { channel: from, box } = fieldsOf(pass, index, channel, row, column)[index - 1];
  if (step.kind === "softmax") return fact;
  return Object.assign(
    fact,
    { window: readBox(before, from, box), box, rule: ruleOf(step.kind, pass) },
  );
}

function ruleOf(kind, pass) {
  if (kind === "relu") return pass.relu ? "relu" : "same";
  if (kind === "pool") return pass.pooling === "none" ? "same" : pass.pooling;
  return "average";
}

/** The values in a rectangle of one channel, row by row. */
function readBox(step, channel, [top, left, bottom, right]) {
  const [, height, width] = step.shape;
  const rows = [];
  for (let y = top; y < bottom; y++) {
    const start = (channel * height + y) * width;
    rows.push(Array.from(step.values.subarray(start + left, start + right)));
  }
  return rows;
}

/** Patch × kernel of each input channel, the sums, and the bias. Outside the maps lie zeros. */
function explainSum({ layer }, before, { channel, row, column, value }) {
  const [channels, height, width] = before.shape;
  const parts = [];
  for (let c = 0; c < channels; c++) {
    /** @type {any} */
    const part = { patch: [], kernel: [], inside: [], exact: [] };
    for (let tap = 0; tap < 9; tap++) {
      const y = row + Math.floor(tap / 3) - 1;
      const x = column + (tap % 3) - 1;
      const inside = y >= 0 && x >= 0 && y < height && x < width;
      const weight = layer.weight[(channel * channels + c) * 9 + tap];
      const pixel = inside ? before.values[(c * height + y) * width + x] : 0;
      part.inside.push(inside);
      part.patch.push(Math.round(pixel * 1000));
      part.kernel.push(Math.round(weight * 1000));
      part.exact.push(pixel * weight * 1000);
    }
    parts.push(part);
  }
  const bias = Math.round(layer.bias[channel] * 1000);
  const sums = parts.map((part) => part.exact.reduce((sum, one) => sum + one, 0));
  roundTogether(sums, value - bias).forEach((sum, c) => {
    parts[c].sum = sum;
    parts[c].products = roundTogether(parts[c].exact, sum);
    delete parts[c].exact;
  });
  return { parts, bias };
}
