"use strict";
// What both widgets are: sliders, a small picture with the window on it, and what comes out.

/** A ring, not quite in the middle, on a picture of size × size; whole numbers from 0 to 9. */
function ringOf(size) {
  const [right, down] = [0.45 * size, 0.5 * size];
  return Float32Array.from({ length: size * size }, (_, i) => {
    const far = Math.hypot((i % size) + 0.5 - right, Math.floor(i / size) + 0.5 - down);
    return Math.max(0, Math.round(9 - 6 * Math.abs(far - 0.3 * size)));
  });
}

/** The rows (or columns) that window number `at` reads; those of the padding lie outside. */
const tapsOf = (at, { kernel, stride, padding = 0, dilation = 1 }) =>
  Array.from({ length: kernel }, (_, tap) => at * stride - padding + tap * dilation);

/** How many pixels a window spans, with the gaps between those that it reads. */
const widthOf = ({ kernel, dilation = 1 }) => dilation * (kernel - 1) + 1;

/** The rows (or columns) of the input that some window reads. */
function readOf(how, size) {
  const taps = Array.from({ length: size }, (_, at) => tapsOf(at, how)).flat();
  return new Set(taps.filter((one) => one >= 0 && one < how.input));
}

/** Pixels in places that window (row, column) reads, row by row; `undefined` in the padding. */
function windowOf({ how, pixels }, row, column) {
  const inside = (one) => one >= 0 && one < how.input;
  const columns = tapsOf(column, how);
  return tapsOf(row, how).flatMap((y) =>
    columns.map((x) => (inside(y) && inside(x) ? pixels[y * how.input + x] : undefined)),
  );
}

/** Rows (or columns) in words: “rows 2 to 4”, “rows 1, 3 and 5”, “row 0”. */
function placesText(name, taps) {
  const texts = taps.map((one) => number(one, 0));
  const last = texts.pop();
  if (!texts.length) return `${name} ${last}`;
  const close = taps[1] - taps[0] === 1;
  return `${name}s ${close ? `${texts[0]} to` : `${texts.join(", ")} and`} ${last}`;
}

/** A grid of numbers below its name, which can change its size; a frame lies on it. */
function makeBoard(properties = {}) {
  const title = make("p", { class: "ex-caption" });
  const frame = make("span", { class: "ex-field" });
  const grid = make("div", { class: "ex-grid", ...properties });
  let [rows, columns, cells] = [0, 0, []];
  const resize = (height, width) => {
    if (height === rows && width === columns) return;
    [rows, columns] = [height, width];
    const square = makeSquare("", rows, columns);
    square.element.caption.remove();
    cells = square.cells;
    grid.replaceChildren(square.element, frame);
    grid.style.setProperty("--ex-columns", columns);
  };
  return {
    element: make("div", {}, title, grid),
    grid,
    /** Show, for each cell, a text, its classes and its share of the deepest colour. */
    show(text, height, width, lookOf) {
      resize(height, width);
      title.textContent = text;
      grid.firstChild.setAttribute("aria-label", text);
      cells.forEach((cell, i) => {
        const { shown, names, share } = lookOf(i);
        cell.textContent = shown;
        cell.className = [...names, share < 0 && "ex-minus"].filter(Boolean).join(" ");
        cell.style.setProperty("--ex-share", `${Math.round(50 * Math.abs(share))}%`);
      });
    },
    frame: (box) => setBox(frame, box, rows, columns),
    /** Row and column of the cell under a pointer, or null. */
    placeOf(event) {
      const at = cells.indexOf(event.target.closest("td"));
      return at < 0 ? null : [Math.floor(at / columns), at % columns];
    },
  };
}

/** The input in its padding, what the window reads of it, and what no window reads. */
function showInput({ how, cell, pixels, size }, board) {
  const { padding = 0, input, stride } = how;
  const [rows, columns] = [cell.row, cell.column].map((at) => tapsOf(at, how));
  const read = readOf(how, size);
  const across = input + 2 * padding;
  const border = padding ? ` in a border of ${padding}` : "";
  board.show(`Input, ${input}×${input}${border}`, across, across, (i) => {
    const [y, x] = [Math.floor(i / across) - padding, (i % across) - padding];
    const inside = y >= 0 && x >= 0 && y < input && x < input;
    const pixel = inside ? pixels[y * input + x] : 0;
    const names = [
      rows.includes(y) && columns.includes(x) && "ex-read",
      !inside && "ex-outside",
      inside && !(read.has(y) && read.has(x)) && "ex-unread",
    ];
    return { shown: number(pixel, 0), names, share: pixel / 9 };
  });
  const [top, left, width] = [cell.row * stride, cell.column * stride, widthOf(how)];
  board.frame([top, left, top + width, left + width]);
}

/** What came out, with the chosen cell in a frame. */
function showOutput({ cell, values, size }, board, digits) {
  const deepest = values.reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  board.show(`Output, ${size}×${size}`, size, size, (i) => {
    const names = [i === cell.row * size + cell.column && "ex-read"];
    return { shown: number(values[i], digits), names, share: values[i] / deepest };
  });
  board.frame([cell.row, cell.column, cell.row + 1, cell.column + 1]);
}

/** Arrow keys, a click, a tap or a mouse that passes move the window. */
function listenToBoard({ grid, placeOf }, cell, choose) {
  const ways = {
    ArrowLeft: () => [cell.row, cell.column - 1],
    ArrowRight: () => [cell.row, cell.column + 1],
    ArrowUp: () => [cell.row - 1, cell.column],
    ArrowDown: () => [cell.row + 1, cell.column],
    Home: () => [cell.row, 0],
    End: () => [cell.row, Infinity],
  };
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !ways[event.key]) return;
    event.preventDefault();
    choose(...ways[event.key](), true);
  });
  const point = (event) => {
    const at = placeOf(event);
    if (at) choose(...at, event.type === "click");
  };
  grid.addEventListener("click", point);
  grid.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(event));
}

/** Sliders and, where there is one, a choice; their first values go to `how`. */
function makeControls({ sliders, choice }, how, change) {
  const element = make("div", { class: "ex-controls" });
  for (const [key, [text, min, max, value]] of Object.entries(sliders)) {
    how[key] = value;
    const one = makeSlider(text, { min, max, value }, (next) => change({ [key]: next }));
    element.append(one.element);
  }
  if (choice) {
    const [legend, key, options] = choice;
    [how[key]] = Object.keys(options);
    const one = makeChoice(legend, key, options, how[key], (next) => change({ [key]: next }));
    element.append(one.element);
  }
  return element;
}

/** How many pixels no window reads, in words. */
function unreadText(how, size) {
  const all = how.input ** 2;
  const unread = all - readOf(how, size).size ** 2;
  if (!unread) return `Each of the ${all} pixels is read.`;
  return `${unread} of the ${all} pixels are read by no window; they are struck out.`;
}

/**
 * Build a widget in `place`: `its` label, its controls, and functions of their settings `how`:
 * compute(pixels, how, size), formula(how, size), refusal(how) where no window fits, digits(how)
 * of the values shown, and explain(), a view of the open window.
 */
function startWidget(place, its) {
  const app = { how: {}, cell: { row: 1, column: 1 }, size: 0 };
  const { how, cell } = app;
  const announcer = makeAnnouncer(600);
  const [formula, message, facts, said] = ["formula", "message", "note", "said"].map((name) =>
    make("p", { class: `ex-${name}` }),
  );
  const input = makeBoard();
  const output = makeBoard({
    tabIndex: 0,
    role: "application",
    aria: { roledescription: "output map", label: "Output; arrow keys move the window" },
  });
  const view = its.explain();

  const choose = (row, column, aloud) => {
    const limit = (value) => Math.min(app.size - 1, Math.max(0, value));
    Object.assign(cell, { row: limit(row), column: limit(column) });
    showInput(app, input);
    showOutput(app, output, its.digits(how));
    const value = number(app.values[cell.row * app.size + cell.column], its.digits(how));
    const rows = placesText("row", tapsOf(cell.row, how));
    const columns = placesText("column", tapsOf(cell.column, how));
    said.textContent =
      `Row ${cell.row}, column ${cell.column} of the output is ${value}. ` +
      `It reads ${rows} and ${columns} of the input.`;
    view.show(app, windowOf(app, cell.row, cell.column));
    if (aloud) announcer.say(said.textContent);
  };
  const stepper = makeStepper("Move the window", {
    at: () => cell.row * app.size + cell.column,
    count: () => app.size ** 2,
    go: (to, aloud) => choose(Math.floor(to / app.size), to % app.size, aloud),
  });
  const update = () => {
    app.size = outputSize(how.input, how);
    const fits = app.size > 0;
    live.hidden = !fits;
    message.textContent = fits ? "" : its.refusal(how);
    formula.textContent = fits ? its.formula(how, app.size) : "";
    if (!fits) return stepper.stop();
    facts.textContent = unreadText(how, app.size);
    app.pixels = ringOf(how.input);
    app.values = its.compute(app.pixels, how, app.size);
    choose(cell.row, cell.column, false);
  };
  const controls = makeControls(its, how, (settings) => {
    Object.assign(how, settings);
    update();
    const words = `The output has ${app.size} by ${app.size} values.`;
    announcer.say(message.textContent || words);
  });

  const boards = make("div", { class: "ex-boards" }, input.element, output.element);
  const live = make("div", {}, boards, facts, stepper.element, said, view.element);
  listenToBoard(output, cell, choose);
  update();
  const parts = [controls, formula, message, live, announcer.element];
  place.replaceChildren(make("section", { class: "ex-all", aria: { label: its.label } }, ...parts));
}
