// What a reader can change: how it is at the start, and how far it reaches.

export const SQUARE = 7; // cells of the grey square's side
export const UNCHANGED = { right: 0, down: 0, turn: 0, thick: 0 };
export const CHANGES = { right: [-8, 8], down: [-8, 8], turn: [-180, 180], thick: [-1, 2] };

/**
 * @typedef {{index: number, channel: number, row: number, column: number}} Cell
 *
 * @typedef {object} State
 * @property {Uint8Array} [shades] the drawing
 * @property {{right: number, down: number, turn: number, thick: number}} change of the drawing
 * @property {{top: number, left: number, size: number} | null} square that covers a part of it
 * @property {"max" | "average" | "none"} pooling
 * @property {boolean} relu
 * @property {"layer" | "map"} scale
 * @property {"colour" | "grey"} colours
 * @property {Cell | null} cell the one that is open
 */

/**
 * All but the drawing: the network as it was trained, nothing covered, no cell open.
 * @returns {State}
 */
export const plainState = () => ({
  change: { ...UNCHANGED },
  square: null,
  pooling: "max",
  relu: true,
  scale: "layer",
  colours: "colour",
  cell: null,
});
