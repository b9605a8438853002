import assert from "node:assert/strict";
import { test } from "node:test";
import { develop, stroke } from "../../cnnvis/explorer/web/drawing.js";
import { frameInk, inkOf } from "../../cnnvis/explorer/web/ink.js";
import { UNCHANGED } from "../../cnnvis/explorer/web/state.js";

const SIZE = 8;
const at = (row, column) => row * SIZE + column;

function developed(shades, change, square = null) {
  const pixels = new Float32Array(SIZE * SIZE);
  develop(shades, SIZE, 15, { ...UNCHANGED, ...change }, square, pixels);
  return pixels;
}
function dot(row, column) {
  const shades = new Uint8Array(SIZE * SIZE);
  shades[at(row, column)] = 15;
  return shades;
}
const inked = (values) => [...values.keys()].filter((i) => values[i] > 1e-6);

test("a stroke is full along its middle, and next to gone when it is rubbed out", () => {
  const shades = new Uint8Array(SIZE * SIZE);
  stroke(shades, SIZE, 15, [1.5, 3.5], [5.5, 3.5], false);
  for (let column = 1; column <= 5; column++) assert.equal(shades[at(3, column)], 15);
  assert.ok(shades[at(2, 3)] > 0 && shades[at(2, 3)] < 15);
  assert.equal(shades[at(6, 3)], 0);
  stroke(shades, SIZE, 15, [1.5, 3.5], [5.5, 3.5], true);
  for (let column = 0; column < SIZE; column++) assert.equal(shades[at(3, column)], 0);
  assert.ok(Math.max(...shades) <= 4);
});

test("a stroke without length is a dot, and one beyond the pad leaves nothing outside", () => {
  const shades = new Uint8Array(SIZE * SIZE);
  stroke(shades, SIZE, 15, [4.5, 4.5], [4.5, 4.5], false);
  assert.equal(shades[at(4, 4)], 15);
  const edge = new Uint8Array(SIZE * SIZE);
  stroke(edge, SIZE, 15, [-5, -5], [0.5, 0.5], false);
  assert.equal(edge[0], 15);
  assert.equal(edge[at(0, SIZE - 1)], 0); // no line goes on where the row before it ends
});

test("an unchanged drawing is its shades, from 0 to 1", () => {
  assert.deepEqual(developed(dot(2, 3), {}), Float32Array.from(dot(2, 3), (one) => one / 15));
});

test("shifts, quarter turns and their order", () => {
  assert.deepEqual(inked(developed(dot(2, 3), { right: 2, down: -1 })), [at(1, 5)]);
  assert.deepEqual(inked(developed(dot(2, 3), { turn: 90 })), [at(3, 5)]); // clockwise
  assert.deepEqual(inked(developed(dot(2, 3), { turn: 90, right: 1 })), [at(3, 6)]);
  assert.deepEqual(inked(developed(dot(0, 0), { right: -1 })), []);
});

test("thickening takes in four neighbours, thinning takes a lone dot away", () => {
  const cross = [at(1, 3), at(2, 2), at(2, 3), at(2, 4), at(3, 3)];
  assert.deepEqual(inked(developed(dot(2, 3), { thick: 1 })), cross);
  assert.ok(Math.abs(developed(dot(2, 3), { thick: 0.25 })[at(1, 3)] - 0.25) < 1e-6);
  assert.deepEqual(inked(developed(dot(2, 3), { thick: -1 })), []);
  assert.deepEqual(inked(developed(dot(0, 0), { thick: 1 })), [at(0, 0), at(0, 1), at(1, 0)]);
});

test("the square is grey, whatever lies below, and nothing beside it changes", () => {
  const pixels = developed(dot(2, 3), {}, { top: 2, left: 2, size: 3 });
  assert.equal(inked(pixels).length, 9);
  assert.equal(pixels[at(2, 3)], 0.5);
});

/** RGBA of an image of 40×30: a bar of one colour on another, or on nothing. */
function bar([ink, alpha], ground) {
  const data = new Uint8ClampedArray(4 * 40 * 30);
  for (let i = 0; i < 40 * 30; i++) {
    const [x, y] = [i % 40, Math.floor(i / 40)];
    const inside = x >= 5 && x < 9 && y >= 4 && y < 24;
    const [light, cover] = inside ? [ink, alpha] : ground;
    data.set([light, light, light, cover], 4 * i);
  }
  return data;
}

test("dark on light, dark on nothing and light on dark are the same ink", () => {
  for (const [ink, ground] of [[[40, 255], [220, 255]], [[0, 255], [0, 0]], [[250, 255], [20, 255]]]) {
    const found = inkOf(bar(ink, ground), 40, 30);
    assert.equal(found.reduce((sum, one) => sum + (one > 0.99), 0), 80);
    assert.equal(found.reduce((sum, one) => sum + (one === 0), 0), 1200 - 80);
  }
});

test("nothing is written on a flat image", () => {
  assert.equal(inkOf(bar([128, 255], [128, 255]), 40, 30), null);
  assert.equal(frameInk(new Float32Array(1200), 40, 30, 28, 15), null);
});

test("ink is scaled to 20 cells, and centred by its mass", () => {
  const shades = frameInk(inkOf(bar([0, 255], [255, 255]), 40, 30), 40, 30, 28, 15);
  const rows = [...new Set(inked(shades).map((i) => Math.floor(i / 28)))];
  const columns = [...new Set(inked(shades).map((i) => i % 28))];
  assert.deepEqual([rows.length, rows[0], rows[19]], [20, 4, 23]);
  assert.deepEqual(columns, [12, 13, 14, 15]);
});
