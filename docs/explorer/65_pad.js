"use strict";
// The pad: 28×28 cells to draw on with pen, finger, mouse or keys, and where the input is shown.

const SQUARE = 7; // cells of the grey square's side
const PAD_HINT =
  "Arrow keys move the brush, Space puts ink, Shift with an arrow draws, Backspace rubs out.";

function makePad(app) {
  const { size } = app.network;
  const screen = makeScreen(size, size);
  const field = make("span", { class: "ex-field", hidden: true });
  const brush = make("span", { class: "ex-brush" });
  const cover = make("span", { class: "ex-cover", hidden: true });
  const hint = make("p", { class: "ex-hint", id: "ex-pad-hint", textContent: PAD_HINT });
  const pad = make(
    "div",
    {
      class: "ex-pad",
      tabIndex: 0,
      role: "application",
      aria: {
        roledescription: "drawing pad",
        label: `Drawing pad of ${size} by ${size} cells`,
        describedby: hint.id,
      },
    },
    screen.canvas,
    cover,
    field,
    brush,
  );
  const at = { x: size >> 1, y: size >> 1 };
  let last = null;

  const place = (event) => {
    const box = pad.getBoundingClientRect();
    const inner = [box.width - 2 * pad.clientLeft, box.height - 2 * pad.clientTop];
    return [
      ((event.clientX - box.left - pad.clientLeft) / inner[0]) * size,
      ((event.clientY - box.top - pad.clientTop) / inner[1]) * size,
    ];
  };
  const moveSquare = ([x, y]) => {
    const limit = (value) => Math.round(Math.min(size - SQUARE, Math.max(0, value - SQUARE / 2)));
    app.set({ square: { left: limit(x), top: limit(y), size: SQUARE } });
  };
  const draw = (from, to, erase) => {
    app.bake();
    stroke(app.state.shades, size, app.network.levels, from, to, erase);
    app.redraw();
  };
  const erasing = (event) => app.tool === "erase" || (event.buttons & 32) > 0; // a pen's own eraser

  pad.addEventListener("pointerdown", (event) => {
    if (event.button > 0 && event.button !== 5) return;
    pad.setPointerCapture(event.pointerId);
    last = place(event);
    if (app.tool === "cover") return moveSquare(last);
    app.remember();
    draw(last, last, erasing(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    // a fast pen reports several places at once: all of them belong to the line
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const one of events.length ? events : [event]) {
      const next = place(one);
      if (app.tool === "cover") moveSquare(next);
      else draw(last, next, erasing(event));
      last = next;
    }
  });
  const lift = () => {
    if (last) app.settle();
    last = null;
  };
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);

  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = (event, [dx, dy]) => {
    if (app.tool === "cover") {
      const { left, top } = app.state.square;
      return moveSquare([left + dx + SQUARE / 2, top + dy + SQUARE / 2]);
    }
    const from = [at.x + 0.5, at.y + 0.5];
    at.x = Math.min(size - 1, Math.max(0, at.x + dx));
    at.y = Math.min(size - 1, Math.max(0, at.y + dy));
    if (event.shiftKey) draw(from, [at.x + 0.5, at.y + 0.5], app.tool === "erase");
    else app.say(`row ${at.y}, column ${at.x}`);
    showBrush();
  };
  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== "z") return;
      event.preventDefault();
      return app.undo();
    }
    const here = [at.x + 0.5, at.y + 0.5];
    if (ways[event.key]) step(event, ways[event.key]);
    else if (event.key === " " || event.key === "Backspace" || event.key === "Delete") {
      app.remember();
      draw(here, here, event.key !== " " || app.tool === "erase");
    } else return;
    event.preventDefault();
    app.settle();
  });
  const showBrush = () => setBox(brush, [at.y, at.x, at.y + 1, at.x + 1], size, size);
  showBrush();

  return {
    element: make("div", { class: "ex-pad-box" }, pad, hint),
    pad,
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

/** Lay an element over the cells of a rectangle on a map of height × width cells. */
function setBox({ style }, [top, left, bottom, right], height, width) {
  style.top = `${(100 * top) / height}%`;
  style.left = `${(100 * left) / width}%`;
  style.height = `${(100 * (bottom - top)) / height}%`;
  style.width = `${(100 * (right - left)) / width}%`;
}
