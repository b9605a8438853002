// A drawing is 28×28 shades of ink. It can be drawn on, moved, turned, made thicker and covered.

const THICKNESS = 1.15; // radius of the pen in cells; MNIST's strokes are two to three cells wide

/** Put ink along a line from (x0, y0) to (x1, y1), or take it away; cell centres lie at ½. */
export function stroke(shades, size, levels, [x0, y0], [x1, y1], erase) {
  const radius = erase ? THICKNESS * 1.4 : THICKNESS;
  const long = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - radius - 1));
  const bottom = Math.min(size - 1, Math.ceil(Math.max(y0, y1) + radius + 1));
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - radius - 1));
  const right = Math.min(size - 1, Math.ceil(Math.max(x0, x1) + radius + 1));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const [dx, dy] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = long ? Math.min(1, Math.max(0, (dx * (x1 - x0) + dy * (y1 - y0)) / long)) : 0;
      const far = Math.hypot(dx - along * (x1 - x0), dy - along * (y1 - y0));
      const ink = Math.round(levels * Math.min(1, Math.max(0, radius + 0.5 - far)));
      const at = y * size + x;
      shades[at] = erase ? Math.min(shades[at], levels - ink) : Math.max(shades[at], ink);
    }
  }
}

/** The value at a place between cells, from its four neighbours; outside it is dark. */
function sample(values, size, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [x - left, y - top];
  const at = (i, j) => (i < 0 || j < 0 || i >= size || j >= size ? 0 : values[j * size + i]);
  const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
  const lower = at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across;
  return upper * (1 - down) + lower * down;
}

/** Grow (or, below zero, shrink) strokes: `amount` cells to each side. */
function thicken(values, size, amount) {
  let source = values;
  for (let left = Math.abs(amount); left > 1e-9; left -= 1) {
    const share = Math.min(1, left);
    const next = new Float32Array(source.length);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const at = y * size + x;
        let best = source[at];
        const near = [
          x && source[at - 1],
          x < size - 1 && source[at + 1],
          y && source[at - size],
          y < size - 1 && source[at + size],
        ];
        const choose = amount > 0 ? Math.max : Math.min;
        for (const one of near) best = choose(best, one || 0);
        next[at] = source[at] + share * (best - source[at]);
      }
    }
    source = next;
  }
  return source;
}

/** The network's input, values 0 to 1: the drawing thickened, turned and shifted, then covered. */
export function develop(shades, size, levels, { right, down, turn, thick }, square, pixels) {
  let values = Float32Array.from(shades, (shade) => shade / levels);
  if (thick) values = thicken(values, size, thick);
  if (right || down || turn) {
    const source = values;
    values = new Float32Array(size * size);
    const angle = (turn * Math.PI) / 180;
    const [cos, sin, middle] = [Math.cos(angle), Math.sin(angle), (size - 1) / 2];
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [dx, dy] = [x - middle - right, y - middle - down];
        values[y * size + x] = sample(
          source,
          size,
          middle + cos * dx + sin * dy,
          middle - sin * dx + cos * dy,
        );
      }
    }
  }
  pixels.set(values);
  if (!square) return;
  for (let y = square.top; y < square.top + square.size; y++) {
    pixels.fill(0.5, y * size + square.left, y * size + square.left + square.size);
  }
}
