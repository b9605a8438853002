// What one cell sees of the layers before it. Rectangles are [top, left, bottom, right], the last
// two one past the end; a channel of -1 means all channels.

import { adaptiveWindow } from "./arithmetic/pooling.js";
import { TARGET } from "./forward.js";

/**
 * What cell (channel, row, column) of step `index` reads of each step before it, and itself.
 * @param {import("./forward.js").Pass} pass
 */
export function fieldsOf(pass, index, channel, row, column) {
  const fields = new Array(pass.steps.length).fill(null);
  fields[index] = { channel, box: [row, column, row + 1, column + 1] };
  for (let i = index; i > 0; i--) {
    const [, height, width] = pass.steps[i - 1].shape;
    const { channel: own, box } = fields[i];
    const mixes = ["conv", "fc", "softmax"].includes(pass.steps[i].kind);
    fields[i - 1] = { channel: mixes ? -1 : own, box: boxBefore(pass, i, box, height, width) };
  }
  return fields;
}

function boxBefore(pass, i, [top, left, bottom, right], height, width) {
  const kind = pass.steps[i].kind;
  if (kind === "conv") {
    return [
      Math.max(0, top - 1),
      Math.max(0, left - 1),
      Math.min(height, bottom + 1),
      Math.min(width, right + 1),
    ];
  }
  if (kind === "pool" && pass.pooling !== "none") return [2 * top, 2 * left, 2 * bottom, 2 * right];
  if (kind === "squeeze") {
    return [
      adaptiveWindow(top, height, TARGET)[0],
      adaptiveWindow(left, width, TARGET)[0],
      adaptiveWindow(bottom - 1, height, TARGET)[1],
      adaptiveWindow(right - 1, width, TARGET)[1],
    ];
  }
  return kind === "fc" || kind === "softmax" ? [0, 0, height, width] : [top, left, bottom, right];
}
