// Pointing at cells. A mouse looks in passing; a click, a tap or the keyboard holds on to the cell.

import { isCell, nearby } from "./chosen_cell.js";

export function listenForCells(app, element) {
  const cellAt = (event) => {
    const map = event.target.closest(".ex-map");
    if (!map) return null;
    const index = Number(map.dataset.step);
    const [, height, width] = app.pass.steps[index].shape;
    const box = map.firstChild.getBoundingClientRect();
    const limit = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
    return {
      index,
      channel: Number(map.dataset.channel),
      row: limit((event.clientY - box.top) / box.height, height),
      column: limit((event.clientX - box.left) / box.width, width),
    };
  };
  element.addEventListener("pointermove", (event) => {
    const cell = event.pointerType === "mouse" && !app.held ? cellAt(event) : null;
    if (cell) app.choose(cell, false);
  });
  element.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) app.choose(cell, true);
  });
  element.addEventListener("focusin", (event) => {
    const map = event.target.closest(".ex-map");
    if (!map || !map.matches(":focus-visible")) return;
    const [index, channel] = [Number(map.dataset.step), Number(map.dataset.channel)];
    if (isCell(app.state.cell, index, channel)) return;
    app.choose({ index, channel, ...nearby(app, index) }, true);
  });
  element.addEventListener("keydown", (event) => {
    const map = event.target.closest(".ex-map");
    if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = stepCell(app, event.key, Number(map.dataset.step), Number(map.dataset.channel));
    if (event.key === "Escape") app.release();
    else if (event.key === "Enter") app.openCell();
    else if (!cell) return;
    else {
      app.choose(cell, true);
      app.views.layers.focus(cell.index, cell.channel);
    }
    event.preventDefault();
  });
}

/** The cell that a key leads to, or null for a key that means nothing here. */
export function stepCell(app, key, index, channel) {
  const [channels, height, width] = app.pass.steps[index].shape;
  const { cell } = app.state;
  const { row, column } = isCell(cell, index, channel) ? cell : nearby(app, index);
  const limit = (value, size) => Math.min(size - 1, Math.max(0, value));
  const to = {
    ArrowLeft: { column: limit(column - 1, width) },
    ArrowRight: { column: limit(column + 1, width) },
    ArrowUp: { row: limit(row - 1, height) },
    ArrowDown: { row: limit(row + 1, height) },
    Home: { column: 0 },
    End: { column: width - 1 },
    PageUp: { channel: limit(channel - 1, channels) },
    PageDown: { channel: limit(channel + 1, channels) },
  }[key];
  return to ? { index, channel, row, column, ...to } : null;
}
