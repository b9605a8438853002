"use strict";
// The page: one state, one function that changes it, one frame that draws what follows from it.

const UNCHANGED = { right: 0, down: 0, turn: 0, thick: 0 };

function startExplorer(place, network) {
  const count = network.size * network.size;
  const passes = {};
  const passOf = (pooling, relu) => (passes[`${pooling} ${relu}`] ||= makePass(
    network,
    { pooling, relu },
  ));
  const state = {
    shades: Uint8Array.from(network.digits[3]),
    change: { ...UNCHANGED },
    square: null,
    pooling: "max",
    relu: true,
    scale: "layer",
    colours: "colour",
    cell: null,
  };
  const pixels = new Float32Array(count);
  const bare = new Float32Array(count);
  const start = performance.now();
  const times = { forward: 0, frame: 0, ready: 0 };
  const announcer = makeAnnouncer(500);
  const answers = makeAnnouncer(900);
  const history = [];
  const app = {
    network,
    state,
    tool: "draw",
    held: false,
    filling: false,
    pass: passOf("max", true),
    say: announcer.say,
  };
  let waiting = 0;
  let settling = 0;
  let address = "";

  app.redraw = () => (waiting ||= requestAnimationFrame(frame));
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
    develop(state.shades, network.size, network.levels, state.change, null, bare);
    bare.forEach((value, i) => (state.shades[i] = Math.round(value * network.levels)));
    app.set({ change: UNCHANGED });
  };
  app.load = (shades) => {
    app.remember();
    state.shades.set(shades);
    app.set({ change: UNCHANGED });
    tools.say("");
  };
  app.clear = () => {
    app.load(new Uint8Array(count));
    if (questions) questions.tried("nothing");
  };
  app.setTool = (name) => {
    app.tool = name;
    app.set({ square: name === "cover" ? { left: 10, top: 10, size: SQUARE } : null });
  };
  app.set = ({ change, ...rest }) => {
    Object.assign(state, rest);
    if (change) Object.assign(state.change, change);
    if ("pooling" in rest || "relu" in rest) {
      const from = app.pass;
      app.pass = passOf(state.pooling, state.relu);
      state.cell = carryCell(state.cell, from, app.pass);
    }
    if (questions) askAbout(questions, { change, ...rest });
    tools.show(state, app.tool);
    switches.show();
    app.redraw();
    app.settle();
  };
  /** Write the state to the address, once nothing has changed for a while. */
  app.settle = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      address = writeAddress(app);
      window.history.replaceState(null, "", address);
    }, 400);
  };
  /** Bring the chosen cell's map to where the panel doesn't cover it. */
  const uncover = () =>
    requestAnimationFrame(() => {
      const { cell } = state;
      if (cell) layers.uncover(cell.index, cell.channel, inspector.element);
    });
  /** Take over the state that the address tells, if it tells one. */
  app.readAddress = () => {
    const { hash } = window.location;
    if (!hash.includes("=") || hash === address) return;
    const stepsOf = (pooling, relu) => passOf(pooling, relu).steps;
    const { found, wrong } = readAddress(hash, { network, stepsOf });
    const { shades, cell, ...rest } = found;
    if (shades) state.shades.set(shades);
    app.tool = found.square ? "cover" : app.tool === "cover" ? "draw" : app.tool;
    app.set({ ...rest, cell: null });
    app.held = Boolean(cell);
    app.filling = false;
    state.cell = cell;
    if (cell) uncover();
    const names = [...new Set(wrong)].slice(0, 5).map((one) => one.slice(0, 20));
    const words = `The address could not be read in full; left out: ${names.join(", ")}.`;
    tools.say(wrong.length ? words : "");
  };
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
    if (hold) uncover();
    const fact = explainCell(app.pass, index, channel, row, column);
    app.say(cellName(app, fact));
  };
  app.release = () => {
    app.held = app.filling = false;
    state.cell = null;
    app.redraw();
    app.settle();
  };
  app.save = () => savePicture(app, pixels);
  app.openCell = () => inspector.title.focus();
  app.showCell = () => {
    const { cell } = state;
    const fact = cell && explainCell(app.pass, cell.index, cell.channel, cell.row, cell.column);
    inspector.show(fact, app.pass);
  };

  const pad = makePad(app);
  const tools = makeTools(app);
  const answer = makeAnswer(app);
  const switches = makeSwitches(app);
  const inspector = makeInspector(app);
  const list = document.querySelector(".ex-questions");
  const questions = list && makeQuestions(list);
  const layers = (app.layers = makeLayers(app));
  listenForCells(app, layers.element);

  const trained = () => {
    if (state.pooling === "max" && state.relu && !state.square) return null;
    const pass = passOf("max", true);
    develop(state.shades, network.size, network.levels, state.change, null, bare);
    if (pass !== app.pass) pass.run(bare);
    else {
      // the same memory serves both, so the values are kept aside
      pass.run(bare);
      const kept = Float32Array.from(pass.probabilities);
      pass.run(pixels);
      return kept;
    }
    return pass.probabilities;
  };
  function frame() {
    waiting = 0;
    const begun = performance.now();
    const { pass } = app;
    develop(state.shades, network.size, network.levels, state.change, state.square, pixels);
    const before = performance.now();
    pass.run(pixels);
    times.forward = performance.now() - before;
    const words = answer.show(pass, trained(), !pixels.some(Boolean));
    answers.say(words);
    pad.draw(pass);
    layers.draw(pass);
    const { cell } = state;
    const fields = cell ? fieldsOf(pass, cell.index, cell.channel, cell.row, cell.column) : [];
    pad.outline(fields[0]);
    layers.outline(fields, cell);
    app.showCell();
    times.frame = performance.now() - begun;
  }

  const title = (text, id) => make("h2", { id, textContent: text });
  const input = make("section", { class: "ex-input", aria: { labelledby: "ex-draw" } });
  input.append(title("Draw a digit", "ex-draw"), pad.element, tools.element);
  const side = make("div", { class: "ex-side" }, input, answer.element);
  const hint = make("p", {
    class: "ex-hint",
    id: "ex-map-hint",
    textContent:
      "Arrow keys move from cell to cell, Page Up and Page Down from map to map, " +
      "Enter opens the arithmetic, Escape closes it.",
  });
  const main = make("section", { class: "ex-main", aria: { labelledby: "ex-layers" } });
  main.append(
    title("Every layer, every map", "ex-layers"),
    switches.element,
    hint,
    layers.element,
    inspector.element,
  );
  const all = make("div", { class: "ex-all" }, side, main, announcer.element, answers.element);
  app.readAddress();
  window.addEventListener("hashchange", app.readAddress);
  frame();
  place.replaceChildren(all);
  if (questions) {
    const section = list.closest("section"); // its heading and words are in the card now
    switches.element.after(questions.element);
    section.remove();
  }
  place.classList.add("ex-alive");
  // once what is on the screen has been drawn, in the frame after the one that lays it out
  requestAnimationFrame(() => requestAnimationFrame(
    () => (times.ready = performance.now() - start),
  ));
  // what is off the screen comes later, and when the page is printed
  setTimeout(layers.drawAll, 300);
  window.addEventListener("beforeprint", layers.drawAll);
  return { app, times, passOf };
}

/** Open the answer to the question about what has just been tried. */
function askAbout(questions, { change, pooling, relu, square, scale }) {
  if (pooling === "average") questions.tried("pooling");
  else if (pooling === "none") questions.tried("no pooling");
  else if (relu === false) questions.tried("relu");
  else if (square) questions.tried("grey square");
  else if (scale === "map") questions.tried("scale");
  else if (change && isFar(change)) questions.tried("shift");
}

const isFar = ({ right, down, turn }) =>
  Math.abs(right) >= 4 || Math.abs(down) >= 4 || Math.abs(turn) >= 45;

/** A cell in words, with its value. */
function cellName(app, { kind, channel, row, column, value }) {
  const { index } = app.state.cell;
  const where = kind === "fc" ? "" : `, row ${row}, column ${column}`;
  return `${placeName(app, index, channel)}${where}: ${thousandths(value)}`;
}

/** The cell at the same place after the maps have changed their size. */
function carryCell(cell, from, to) {
  if (!cell) return null;
  const [, rows, columns] = from.steps[cell.index].shape;
  const [, height, width] = to.steps[cell.index].shape;
  return {
    ...cell,
    row: Math.floor(((cell.row + 0.5) / rows) * height),
    column: Math.floor(((cell.column + 0.5) / columns) * width),
  };
}
