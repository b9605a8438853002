// Convolution, on Float32Arrays of channels × height × width. Nothing here knows the page, and
// nothing allocates: outputs are given, so that drawing never waits for the garbage collector.

/** Places at which a window fits along an axis, as in PyTorch's documentation of Conv2d. */
export function outputSize(size, { kernel, stride = 1, padding = 0, dilation = 1 }) {
  return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/**
 * A convolution (cross-correlation, as in PyTorch) of `input`, of shape [C, H, W], by square
 * kernels. `weight` holds outputs × C × kernel × kernel numbers; `bias` one for each output.
 */
export function convolve(input, [channels, height, width], weight, bias, how, output) {
  const { kernel, stride = 1, padding = 0, dilation = 1 } = how;
  const rows = outputSize(height, how);
  const columns = outputSize(width, how);
  const same = kernel === 3 && stride === 1 && padding === 1 && dilation === 1 && width > 1;
  for (let o = 0; o < bias.length; o++) {
    const to = o * rows * columns;
    output.fill(bias[o], to, to + rows * columns);
    for (let c = 0; c < channels; c++) {
      const from = c * height * width;
      const taps = (o * channels + c) * kernel * kernel;
      if (same) addSame(input, from, height, width, weight, taps, output, to);
      else addTaps(input, from, height, width, weight, taps, how, output, to, rows, columns);
    }
  }
}

/** Add one channel's share for kernels of any kind: tap by tap, each a shifted copy of the map. */
function addTaps(input, from, height, width, weight, taps, how, output, to, rows, columns) {
  const { kernel, stride = 1, padding = 0, dilation = 1 } = how;
  for (let tap = 0; tap < kernel * kernel; tap++) {
    const w = weight[taps + tap];
    const down = Math.floor(tap / kernel) * dilation - padding;
    const right = (tap % kernel) * dilation - padding;
    for (let y = 0; y < rows; y++) {
      const line = y * stride + down;
      if (line < 0 || line >= height) continue;
      for (let x = 0; x < columns; x++) {
        const column = x * stride + right;
        if (column < 0 || column >= width) continue;
        output[to + y * columns + x] += w * input[from + line * width + column];
      }
    }
  }
}

/** The same for 3×3 kernels with a border of one zero: the three taps of a row at once. */
function addSame(input, from, height, width, weight, taps, output, to) {
  for (let row = 0; row < 3; row++) {
    const left = weight[taps + 3 * row];
    const middle = weight[taps + 3 * row + 1];
    const right = weight[taps + 3 * row + 2];
    const first = row === 0 ? 1 : 0;
    const last = row === 2 ? height - 1 : height;
    for (let y = first; y < last; y++) {
      let at = from + (y + row - 1) * width;
      let out = to + y * width;
      const end = out + width - 1;
      let before = 0;
      let here = input[at];
      while (out < end) {
        const after = input[++at];
        output[out++] += left * before + middle * here + right * after;
        before = here;
        here = after;
      }
      output[out] += left * before + middle * here;
    }
  }
}
