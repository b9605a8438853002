// Canvases of as many pixels as a map has cells.

import { make } from "./controls/elements.js";

/** A canvas of height × width cells, with the buffer that `paint` fills. */
export function makeScreen(height, width) {
  const canvas = make("canvas", { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  return { canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
}

/** Draw values[from…] on a screen of as many cells; only the first `filled`, if there are more. */
export function paint(screen, values, from, [low, high], table, filled = Infinity) {
  const { pixels } = screen;
  const factor = 255 / (high - low);
  for (let i = 0; i < pixels.length; i++) {
    const shade = (values[from + i] - low) * factor + 0.5;
    pixels[i] = table[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0];
  }
  if (filled < pixels.length) pixels.fill(0, filled); // see-through
  screen.context.putImageData(screen.image, 0, 0);
}
