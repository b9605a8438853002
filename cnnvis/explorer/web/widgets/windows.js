// Which pixels windows read, and the image that they slide over.

import { number } from "../controls/elements.js";

/** A ring, not quite in the middle, on an image of size × size; whole numbers from 0 to 9. */
export function ringOf(size) {
  const [right, down] = [0.45 * size, 0.5 * size];
  return Float32Array.from({ length: size * size }, (_, i) => {
    const far = Math.hypot((i % size) + 0.5 - right, Math.floor(i / size) + 0.5 - down);
    return Math.max(0, Math.round(9 - 6 * Math.abs(far - 0.3 * size)));
  });
}

/** The rows (or columns) that window number `at` reads; those of the padding lie outside. */
export const tapsOf = (at, { kernel, stride, padding = 0, dilation = 1 }) =>
  Array.from({ length: kernel }, (_, tap) => at * stride - padding + tap * dilation);

/** How many pixels a window spans, with the gaps between those that it reads. */
export const widthOf = ({ kernel, dilation = 1 }) => dilation * (kernel - 1) + 1;

/** The rows (or columns) of the input that some window reads. */
export function readOf(how, size) {
  const taps = Array.from({ length: size }, (_, at) => tapsOf(at, how)).flat();
  return new Set(taps.filter((one) => one >= 0 && one < how.input));
}

/** Pixels in places that window (row, column) reads, row by row; `undefined` in the padding. */
export function windowOf({ how, pixels }, row, column) {
  const inside = (one) => one >= 0 && one < how.input;
  const columns = tapsOf(column, how);
  return tapsOf(row, how).flatMap((y) =>
    columns.map((x) => (inside(y) && inside(x) ? pixels[y * how.input + x] : undefined)),
  );
}

/** Rows (or columns) in words: “rows 2 to 4”, “rows 1, 3 and 5”, “row 0”. */
export function placesText(name, taps) {
  const texts = taps.map((one) => number(one, 0));
  const last = texts.pop();
  if (!texts.length) return `${name} ${last}`;
  const close = taps[1] - taps[0] === 1;
  return `${name}s ${close ? `${texts[0]} to` : `${texts.join(", ")} and`} ${last}`;
}

/** How many pixels no window reads, in words. */
export function unreadText(how, size) {
  const all = how.input ** 2;
  const unread = all - readOf(how, size).size ** 2;
  if (!unread) return `Each of the ${all} pixels is read.`;
  return `${unread} of the ${all} pixels are read by no window; they are struck out.`;
}
