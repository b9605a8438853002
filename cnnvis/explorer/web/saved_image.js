// The view as a PNG: the input, the answer and every map, on white.

import { make } from "./controls/elements.js";
import { percent } from "./answer.js";
import { TABLES, isSigned, measure, spanOf, tableOf } from "./colours.js";
import { makeScreen, paint } from "./screen.js";

const SHEET = { left: 320, wide: 704, top: 40, gap: 3, small: 44, cell: 90, digit: 252 };

/** A context for a sheet of white paper, with a function that writes on it. */
function makeSheet(width, height) {
  const context = make("canvas", { width, height }).getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  const write = (text, x, y, weight = "400") => {
    context.fillStyle = "#1c2329";
    context.font = `${weight} 15px sans-serif`;
    context.fillText(text, x, y);
  };
  return { context, write };
}

/** What was switched or covered, in words; nothing if the network is as it was trained. */
function switchedText({ pooling, relu, square }) {
  const words = { max: "", average: "average pooling", none: "no pooling" }[pooling];
  return [words, !relu && "no ReLU", square && "a grey square"].filter(Boolean).join(", ");
}

/** The input, a bar for each class, and what was switched. */
function drawAnswer({ context, write }, { network, pass, state }, pixels) {
  const screen = makeScreen(network.size, network.size);
  paint(screen, pixels, 0, [0, 1], TABLES.grey);
  context.drawImage(screen.canvas, 30, SHEET.top, SHEET.digit, SHEET.digit);
  pass.probabilities.forEach((share, i) => {
    const y = 330 + 24 * i;
    write(network.classes[i], 30, y + 12);
    write(percent(share), 228, y + 12);
    context.fillStyle = "#14607c";
    context.fillRect(50, y, 170 * share, 14);
  });
  const words = switchedText(state);
  if (words) write(`with ${words}`, 30, 330 + 24 * network.classes.length + 20);
}

/** How many maps stand in a row, how far apart, and how high all of them are. */
function rowsOf([channels]) {
  const across = channels <= 10 ? Math.max(8, channels) : 16;
  const high = channels <= 10 ? SHEET.cell : Math.ceil(channels / 16) * SHEET.small;
  return { across, apart: SHEET.wide / across, high: high + 30 };
}

/** All maps of a layer, below its name. */
function drawStep({ context, write }, app, step, top) {
  const [channels, height, width] = step.shape;
  const { across, apart } = rowsOf(step.shape);
  const signed = isSigned(step, app.pass);
  const table = tableOf(app.state, signed);
  const range = {};
  write(step.name, SHEET.left, top - 8, "600");
  for (let channel = 0; channel < channels; channel++) {
    const [from, count] = [channel * height * width, height * width];
    if (app.state.scale === "map") measure(step.values, from, from + count, range);
    else measure(step.values, 0, step.values.length, range);
    const screen = makeScreen(height, width);
    paint(screen, step.values, from, spanOf(range, signed), table);
    const x = SHEET.left + (channel % across) * apart;
    const y = top + Math.floor(channel / across) * apart;
    context.drawImage(screen.canvas, x, y, apart - SHEET.gap, apart - SHEET.gap);
    if (step.kind === "fc") write(app.network.classes[channel], x + apart / 2 - 6, y + apart + 14);
  }
}

function drawView(app, pixels) {
  const steps = app.pass.steps.filter(({ kind }) => kind !== "input" && kind !== "softmax");
  const height = steps.reduce((sum, { shape }) => sum + rowsOf(shape).high, SHEET.top);
  const sheet = makeSheet(SHEET.left + SHEET.wide + 30, height);
  drawAnswer(sheet, app, pixels);
  let { top } = SHEET;
  for (const step of steps) {
    drawStep(sheet, app, step, top);
    top += rowsOf(step.shape).high;
  }
  return sheet.context.canvas;
}

/** Offer the view as a file. */
export function saveImage(app, pixels) {
  drawView(app, pixels).toBlob((blob) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: "explorer.png" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}
