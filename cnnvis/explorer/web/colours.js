// From values to colours: an even scale for what is never negative, one around zero for the rest.

const STOPS = {
  viridis: "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
  diverging: "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f",
  grey: "000000 ffffff",
  signed: "08306b 4f7fb5 9dbdd9 e9e9e9 e3b37a b87325 663806",
};

const SCHEMES = { colour: ["viridis", "diverging"], grey: ["grey", "signed"] };

/** 256 colours between the stops, each as one number for an image's buffer. */
function makeTable(text) {
  const stops = text.split(" ");
  const little = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(at));
    const share = at - low;
    const [r, g, b] = [0, 2, 4].map((digit) => {
      const one = parseInt(stops[low].slice(digit, digit + 2), 16);
      const other = parseInt(stops[low + 1].slice(digit, digit + 2), 16);
      return Math.round(one + (other - one) * share);
    });
    const bytes = little ? [255, b, g, r] : [r, g, b, 255];
    table[i] = bytes.reduce((all, byte) => (all << 8) | byte, 0);
  }
  return table;
}

export const TABLES = Object.fromEntries(
  Object.entries(STOPS).map(([name, stops]) => [name, makeTable(stops)]),
);

/** The smallest and the largest of values[from] to values[to - 1], written to `range`. */
export function measure(values, from, to, range) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  range.low = low;
  range.high = high;
}

/**
 * The range that a colour scale spans: around zero for signed values, else from zero on.
 * @returns {[number, number]}
 */
export function spanOf(range, signed) {
  const reach = Math.max(Math.abs(range.low), Math.abs(range.high)) || 1;
  return signed ? [-reach, reach] : [0, Math.max(range.high, 0) || 1];
}

/** Whether a layer's values can be negative. */
export const isSigned = ({ kind }, { relu }) => kind === "conv" || kind === "fc" || !relu;

export const tableOf = ({ colours }, signed) => TABLES[SCHEMES[colours][signed ? 1 : 0]];
