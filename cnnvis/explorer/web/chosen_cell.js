// A cell: its layer (by index), its channel, its row and its column.

import { thousandths } from "./cell_arithmetic.js";

/** Whether a cell, if there is one, lies on this map. */
export const isCell = (cell, index, channel) =>
  Boolean(cell) && cell.index === index && cell.channel === channel;

/** The place, on a map of another size, at which a cell of a map of this size would lie. */
const placeOn = ({ row, column }, [, rows, columns], [, height, width]) => ({
  row: Math.floor(((row + 0.5) / rows) * height),
  column: Math.floor(((column + 0.5) / columns) * width),
});

/** The place, on the maps of step `index`, that corresponds to the cell chosen last. */
export function nearby({ pass, state: { cell } }, index) {
  const { shape } = pass.steps[index];
  if (!cell) return { row: shape[1] >> 1, column: shape[2] >> 1 };
  return placeOn(cell, pass.steps[cell.index].shape, shape);
}

/** The cell at the same place after the maps have changed their size. */
export function carryCell(cell, from, to) {
  if (!cell) return null;
  return { ...cell, ...placeOn(cell, from.steps[cell.index].shape, to.steps[cell.index].shape) };
}

/** A map by name: its layer and its number, or the class that it stands for. */
export function placeName(app, index, channel) {
  const { name, kind } = app.pass.steps[index];
  const which = kind === "fc" ? `class ${app.network.classes[channel]}` : `map ${channel}`;
  return `${name}, ${which}`;
}

/** A cell in words, with its value. */
export function cellName(app, { kind, channel, row, column, value }) {
  const { index } = app.state.cell;
  const where = kind === "fc" ? "" : `, row ${row}, column ${column}`;
  return `${placeName(app, index, channel)}${where}: ${thousandths(value)}`;
}
