// The state in the address, so that a link shows a friend the same drawing, switches and cell. What
// an address says is checked word by word; what can't be read is named and left out.

import { bytesOf, packShades, unpackShades } from "./shades.js";
import { CHANGES, SQUARE, plainState } from "./state.js";

const WORDS = {
  pooling: ["max", "average", "none"],
  relu: ["on", "off"],
  scale: ["layer", "map"],
  colours: ["colour", "grey"],
};

export function writeAddress({ state, network, pass }) {
  const parts = new URLSearchParams();
  const same = (digit) => digit.every((shade, i) => shade === state.shades[i]);
  const digit = network.digits.findIndex(same);
  if (digit >= 0) parts.set("digit", network.classes[digit]);
  else parts.set("ink", state.shades.some(Boolean) ? packShades(state.shades) : "none");
  for (const key of Object.keys(CHANGES)) if (state.change[key]) parts.set(key, state.change[key]);
  if (state.square) parts.set("square", `${state.square.top}-${state.square.left}`);
  if (state.pooling !== "max") parts.set("pooling", state.pooling);
  if (!state.relu) parts.set("relu", "off");
  if (state.scale !== "layer") parts.set("scale", state.scale);
  if (state.colours !== "colour") parts.set("colours", state.colours);
  if (state.cell) {
    const { index, channel, row, column } = state.cell;
    parts.set("cell", [pass.steps[index].name, channel, row, column].join("-"));
  }
  return `#${parts}`;
}

/** The part of a state that an address gives, and the words in it that mean nothing. */
export function readAddress(hash, { network, stepsOf }) {
  const found = plainState();
  const wrong = [];
  let cell = null;
  for (const [key, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (key === "cell") cell = text;
    else if (!readPart(found, key, text, network)) wrong.push(key);
  }
  if (cell !== null) {
    found.cell = readCell(cell, stepsOf(found.pooling, found.relu));
    if (!found.cell) wrong.push("cell");
  }
  return { found, wrong };
}

/** Take one part of an address over into `found`; false if it could not be read. */
function readPart(found, key, text, network) {
  if (key === "digit" || key === "ink") {
    const digit = network.digits[network.classes.indexOf(text)];
    found.shades = key === "digit" ? digit : readShades(text, network);
    return Boolean(found.shades);
  }
  if (key === "square") {
    const limit = network.size - SQUARE + 1;
    const numbers = wholeNumbers(text.split("-"), [limit, limit]);
    if (numbers) found.square = { top: numbers[0], left: numbers[1], size: SQUARE };
    return Boolean(numbers);
  }
  if (Object.hasOwn(CHANGES, key)) {
    const value = Number(text);
    const good = text !== "" && value >= CHANGES[key][0] && value <= CHANGES[key][1];
    if (good) found.change[key] = value;
    return good;
  }
  if (!Object.hasOwn(WORDS, key) || !WORDS[key].includes(text)) return false;
  found[key] = key === "relu" ? text === "on" : text;
  return true;
}

function readShades(text, { size, levels }) {
  if (text === "none") return new Uint8Array(size * size);
  if (!/^[\w-]+$/.test(text) || text.length !== Math.ceil((size * size * 2) / 3)) return null;
  try {
    const bytes = bytesOf(text.replaceAll("-", "+").replaceAll("_", "/"));
    const shades = unpackShades(bytes, size * size);
    return shades.every((shade) => shade <= levels) ? shades : null;
  } catch {
    return null;
  }
}

/** Numbers from 0 to below each limit, or null if the texts aren't such numbers. */
function wholeNumbers(texts, limits) {
  if (texts.length !== limits.length) return null;
  const numbers = texts.map((text) => (/^\d{1,3}$/.test(text) ? Number(text) : -1));
  return numbers.every((one, i) => one >= 0 && one < limits[i]) ? numbers : null;
}

function readCell(text, steps) {
  const [name, ...rest] = text.split("-");
  const index = steps.findIndex((step) => step.name === name);
  if (index < 1 || steps[index].kind === "softmax") return null;
  const numbers = wholeNumbers(rest, steps[index].shape);
  if (!numbers) return null;
  const [channel, row, column] = numbers;
  return { index, channel, row, column };
}
