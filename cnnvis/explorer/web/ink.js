// Ink from the pixels of an image, in the way MNIST was made: scaled to 20 pixels, centred by its
// mass, light on dark.

/** Darkness, 0 to 1, of pixels (RGBA) on white paper; or lightness if the border is dark. */
export function inkOf(data, width, height) {
  const ink = new Float32Array(width * height);
  let border = 0;
  for (let i = 0; i < ink.length; i++) {
    const alpha = data[4 * i + 3] / 255;
    const light = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
    ink[i] = 1 - (light * alpha + 1 - alpha);
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) border += ink[i];
  }
  const dark = border / (2 * (width + height) - 4) > 0.5;
  return stretch(dark ? ink.map((one) => 1 - one) : ink);
}

/** Paper becomes 0 and the darkest ink 1, so that photographs of grey paper work too. */
function stretch(ink) {
  const sorted = Float32Array.from(ink).sort();
  const paper = sorted[Math.floor(sorted.length / 2)];
  const dark = sorted[sorted.length - 1 - Math.floor(sorted.length / 500)];
  if (dark - paper < 0.08) return null; // nothing is written there
  return ink.map((one) => Math.min(1, Math.max(0, (one - paper) / (dark - paper) - 0.12) / 0.88));
}

/** From ink of any size to 28×28 shades, scaled and centred as MNIST's digits are. */
export function frameInk(ink, width, height, size, levels) {
  let [left, top, right, bottom, mass, mx, my] = [width, height, 0, 0, 0, 0, 0];
  ink.forEach((one, i) => {
    if (one < 0.2) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [
      Math.min(left, x),
      Math.max(right, x + 1),
      Math.min(top, y),
      Math.max(bottom, y + 1),
    ];
    mass += one;
    mx += one * (x + 0.5);
    my += one * (y + 0.5);
  });
  if (mass === 0) return null;
  const scale = Math.max(right - left, bottom - top) / 20; // pixels of the image to a cell
  const [cx, cy] = [mx / mass, my / mass];
  const shades = new Uint8Array(size * size);
  const parts = Math.max(2, Math.min(8, Math.ceil(scale)));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let i = 0; i < parts * parts; i++) {
        const px = Math.floor(cx + (x + ((i % parts) + 0.5) / parts - size / 2) * scale);
        const py = Math.floor(cy + (y + (Math.floor(i / parts) + 0.5) / parts - size / 2) * scale);
        if (px >= left && px < right && py >= top && py < bottom) sum += ink[py * width + px];
      }
      shades[y * size + x] = Math.round((levels * sum) / (parts * parts));
    }
  }
  return shades;
}
