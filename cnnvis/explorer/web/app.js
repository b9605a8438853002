// One state, and all that can be done to it. What shows it stands in `app.views`.

import { makeAnnouncer } from "./controls/elements.js";
import { readAddress, writeAddress } from "./address.js";
import { explainCell } from "./cell_arithmetic.js";
import { carryCell, cellName, isCell } from "./chosen_cell.js";
import { develop } from "./drawing.js";
import { makePass } from "./forward.js";
import { drawFrame } from "./frame.js";
import { questionOn } from "./questions.js";
import { saveImage } from "./saved_image.js";
import { SQUARE, UNCHANGED, plainState } from "./state.js";

export function makeApp(network) {
  const passes = {};
  const passOf = (pooling, relu) =>
    (passes[`${pooling} ${relu}`] ||= makePass(network, { pooling, relu }));
  const count = network.size * network.size;
  const announcer = makeAnnouncer(500);
  const app = {
    network,
    state: {
      shades: Uint8Array.from(network.digits[3]),
      ...plainState(),
    },
    tool: "draw",
    held: false, // whether the cell was chosen; a mouse that passes then leaves it
    filling: false, // whether one steps through a map
    passOf,
    pass: passOf("max", true),
    pixels: new Float32Array(count),
    bare: new Float32Array(count), // without the grey square
    times: { start: performance.now(), forward: 0, frame: 0, ready: 0 },
    announcer,
    say: announcer.say,
    views: {},
  };
  app.develop = (square, pixels) =>
    develop(app.state.shades, network.size, network.levels, app.state.change, square, pixels);
  addDrawing(app);
  addChanges(app);
  addChoosing(app);
  addAddress(app);
  return app;
}

/** What changes the ink. */
function addDrawing(app) {
  const { state, network } = app;
  const history = [];
  app.remember = () => {
    history.push(Uint8Array.from(state.shades));
    if (history.length > 50) history.shift();
  };
  app.undo = () => {
    if (history.length) state.shades.set(history.pop());
    app.redraw();
    app.settle();
  };
  /** Make what the sliders did part of the drawing, before ink is added to what one sees. */
  app.bake = () => {
    if (!Object.values(state.change).some(Boolean)) return;
    app.develop(null, app.bare);
    app.bare.forEach((value, i) => (state.shades[i] = Math.round(value * network.levels)));
    app.set({ change: UNCHANGED });
  };
  app.load = (shades) => {
    app.remember();
    state.shades.set(shades);
    app.set({ change: UNCHANGED });
    app.views.tools.say("");
  };
  app.clear = () => {
    app.load(new Uint8Array(state.shades.length));
    app.views.questions.tried("nothing");
  };
  app.setTool = (name) => {
    app.tool = name;
    app.set({ square: name === "cover" ? { left: 10, top: 10, size: SQUARE } : null });
  };
}

/** What changes the rest of the state, and draws what follows from it in the next frame. */
function addChanges(app) {
  const { state, views } = app;
  let waiting = 0;
  app.redraw = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      drawFrame(app);
    });
  };
  app.set = ({ change, ...rest }) => {
    Object.assign(state, rest);
    if (change) Object.assign(state.change, change);
    if ("pooling" in rest || "relu" in rest) {
      const from = app.pass;
      app.pass = app.passOf(state.pooling, state.relu);
      state.cell = carryCell(state.cell, from, app.pass);
    }
    views.questions.tried(questionOn({ change, ...rest }));
    views.tools.show(state, app.tool);
    views.switches.show();
    app.redraw();
    app.settle();
  };
  app.save = () => saveImage(app, app.pixels);
}

/** What chooses the cell that is open. */
function addChoosing(app) {
  const { state, views } = app;
  const factOf = ({ index, channel, row, column }) =>
    explainCell(app.pass, index, channel, row, column);
  app.choose = (cell, hold, aloud = true) => {
    const { index, channel, row, column } = cell;
    if (hold) app.held = true;
    const old = state.cell;
    if (!isCell(old, index, channel)) app.filling = false;
    else if (old.row === row && old.column === column) return;
    state.cell = { index, channel, row, column };
    app.redraw();
    app.settle();
    if (!aloud) return;
    if (hold) app.uncover();
    app.say(cellName(app, factOf(cell)));
  };
  app.release = () => {
    app.held = app.filling = false;
    state.cell = null;
    app.redraw();
    app.settle();
  };
  /** Bring the chosen cell's map to where the panel doesn't cover it. */
  app.uncover = () => {
    requestAnimationFrame(() => {
      const { cell } = state;
      if (cell) views.layers.uncover(cell.index, cell.channel, views.inspector.element);
    });
  };
  app.openCell = () => views.inspector.title.focus();
  app.showCell = () => views.inspector.show(state.cell && factOf(state.cell), app.pass);
}

/** What ties the state to the address. */
function addAddress(app) {
  const { state, network, views } = app;
  let settling = 0;
  let written = "";
  /** Write the state to the address, once nothing has changed for a while. */
  app.settle = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      written = writeAddress(app);
      window.history.replaceState(null, "", written);
    }, 400);
  };
  /** Take over the state that the address tells, if it tells one. */
  app.readAddress = () => {
    const { hash } = window.location;
    if (!hash.includes("=") || hash === written) return;
    const stepsOf = (pooling, relu) => app.passOf(pooling, relu).steps;
    const { found, wrong } = readAddress(hash, { network, stepsOf });
    const { shades, cell, ...rest } = found;
    if (shades) state.shades.set(shades);
    app.tool = found.square ? "cover" : app.tool === "cover" ? "draw" : app.tool;
    app.set({ ...rest, cell: null });
    app.held = Boolean(cell);
    app.filling = false;
    state.cell = cell;
    if (cell) app.uncover();
    const names = [...new Set(wrong)].slice(0, 5).map((one) => one.slice(0, 20));
    const words = `The address could not be read in full; left out: ${names.join(", ")}.`;
    views.tools.say(wrong.length ? words : "");
  };
}
