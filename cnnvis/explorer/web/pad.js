// The pad: 28×28 cells to draw on with pen, finger, mouse or keys, and where the input is shown.

import { make, setBox } from "./controls/elements.js";
import { TABLES } from "./colours.js";
import { stroke } from "./drawing.js";
import { makeScreen, paint } from "./screen.js";
import { SQUARE } from "./state.js";

const PAD_HINT =
  "Arrow keys move the brush, Space puts ink, Shift with an arrow draws, Backspace rubs out.";

export function makePad(app) {
  const { size } = app.network;
  const screen = makeScreen(size, size);
  const field = make("span", { class: "ex-field", hidden: true });
  const brush = make("span", { class: "ex-brush" });
  const cover = make("span", { class: "ex-cover", hidden: true });
  const hint = make("p", { class: "ex-hint", id: "ex-pad-hint", textContent: PAD_HINT });
  const aria = {
    roledescription: "drawing pad",
    label: `Drawing pad of ${size} by ${size} cells`,
    describedby: hint.id,
  };
  const properties = { class: "ex-pad", tabIndex: 0, role: "application", aria };
  const pad = make("div", properties, screen.canvas, cover, field, brush);
  listenToPen(app, pad);
  listenToPadKeys(app, pad, ({ x, y }) => setBox(brush, [y, x, y + 1, x + 1], size, size));

  return {
    element: make("div", { class: "ex-pad-box" }, pad, hint),
    draw(pass) {
      paint(screen, pass.steps[0].values, 0, [0, 1], TABLES.grey);
      const { square } = app.state;
      cover.hidden = !square;
      if (!square) return;
      const { top, left } = square;
      setBox(cover, [top, left, top + SQUARE, left + SQUARE], size, size);
    },
    outline(part) {
      field.hidden = !part;
      if (part) setBox(field, part.box, size, size);
    },
  };
}

/** Put the middle of the grey square on a place, as far as the pad reaches. */
function moveSquare(app, [x, y]) {
  const limit = app.network.size - SQUARE;
  const start = (value) => Math.round(Math.min(limit, Math.max(0, value - SQUARE / 2)));
  app.set({ square: { left: start(x), top: start(y), size: SQUARE } });
}

/** Ink, or none, along a line. */
function drawLine(app, from, to, erase) {
  app.bake();
  stroke(app.state.shades, app.network.size, app.network.levels, from, to, erase);
  app.redraw();
}

/** Draw with a pen, a finger or a mouse, or drag the grey square. */
function listenToPen(app, pad) {
  let last = null;
  /** @returns {[number, number]} */
  const placeOf = (event) => {
    const box = pad.getBoundingClientRect();
    const [left, top] = [box.left + pad.clientLeft, box.top + pad.clientTop];
    const scale = app.network.size / (box.width - 2 * pad.clientLeft);
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  };
  const erasing = (event) => app.tool === "erase" || (event.buttons & 32) > 0; // a pen's own eraser
  pad.addEventListener("pointerdown", (event) => {
    if (event.button > 0 && event.button !== 5) return;
    pad.setPointerCapture(event.pointerId);
    last = placeOf(event);
    if (app.tool === "cover") return moveSquare(app, last);
    app.remember();
    drawLine(app, last, last, erasing(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    // a fast pen reports several places at once: all of them belong to the line
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const one of events.length ? events : [event]) {
      const next = placeOf(one);
      if (app.tool === "cover") moveSquare(app, next);
      else drawLine(app, last, next, erasing(event));
      last = next;
    }
  });
  const lift = () => {
    if (last) app.settle();
    last = null;
  };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Draw with the keys, or move the grey square. */
function listenToPadKeys(app, pad, showBrush) {
  const { size } = app.network;
  const at = { x: size >> 1, y: size >> 1 };
  /** @returns {[number, number]} */
  const middle = () => [at.x + 0.5, at.y + 0.5];
  const limit = (value) => Math.min(size - 1, Math.max(0, value));
  const step = ([dx, dy], drawing) => {
    if (app.tool === "cover") {
      const { left, top } = app.state.square;
      return moveSquare(app, [left + dx + SQUARE / 2, top + dy + SQUARE / 2]);
    }
    const from = middle();
    if (drawing) app.remember();
    Object.assign(at, { x: limit(at.x + dx), y: limit(at.y + dy) });
    if (drawing) drawLine(app, from, middle(), app.tool === "erase");
    else app.say(`row ${at.y}, column ${at.x}`);
    showBrush(at);
  };
  pad.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey) {
      if (key !== "z") return;
      app.undo();
    } else if (WAYS[key]) step(WAYS[key], event.shiftKey);
    else if (key === " " || key === "Backspace" || key === "Delete") {
      if (app.tool !== "cover") {
        app.remember();
        drawLine(app, middle(), middle(), key !== " " || app.tool === "erase");
      }
    } else return;
    event.preventDefault();
    app.settle();
  });
  showBrush(at);
}
