// Grids of numbers on which a window moves: the input in its padding, and the output.

import { make, makeSquare, number, setBox } from "../controls/elements.js";
import { readOf, tapsOf, widthOf } from "./windows.js";

/** A grid of numbers below its name, which can change its size; a frame lies on it. */
export function makeBoard(properties = {}) {
  const title = make("p", { class: "ex-caption" });
  const frame = make("span", { class: "ex-field" });
  const grid = make("div", { class: "ex-grid", ...properties });
  let [rows, columns] = [0, 0];
  /** @type {HTMLElement[]} */
  let cells = [];
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
export function showInput({ how, cell, pixels, size }, board) {
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
export function showOutput({ cell, values, size }, board, digits) {
  const deepest = values.reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  board.show(`Output, ${size}×${size}`, size, size, (i) => {
    const names = [i === cell.row * size + cell.column && "ex-read"];
    return { shown: number(values[i], digits), names, share: values[i] / deepest };
  });
  board.frame([cell.row, cell.column, cell.row + 1, cell.column + 1]);
}

/** Arrow keys, a click, a tap or a mouse that passes move the window. */
export function listenToBoard({ grid, placeOf }, cell, choose) {
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
