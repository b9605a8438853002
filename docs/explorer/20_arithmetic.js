"use strict";
// What layers compute, on Float32Arrays of channels × height × width. Nothing here knows the page.
// Nothing allocates: outputs are given, so that drawing never waits for the garbage collector.

/** Places at which a window fits along an axis, as in PyTorch's documentation of Conv2d. */
function outputSize(size, { kernel, stride = 1, padding = 0, dilation = 1 }) {
  return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/**
 * A convolution (cross-correlation, as in PyTorch) of `input`, of shape [C, H, W], by square
 * kernels. `weight` holds outputs × C × kernel × kernel numbers; `bias` one for each output.
 */
function convolve(input, [channels, height, width], weight, bias, how, output) {
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

/** ReLU: what is negative becomes zero. */
function rectify(input, output) {
  for (let i = 0; i < input.length; i++) output[i] = input[i] > 0 ? input[i] : 0;
}

/** The largest value, or the mean, of each window of `size` × `size`, without padding. */
function pool(input, [channels, height, width], { kind, size = 2, stride = size }, output) {
  const how = { kernel: size, stride };
  const rows = outputSize(height, how);
  const columns = outputSize(width, how);
  const largest = kind === "max";
  let out = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let value = largest ? -Infinity : 0;
        for (let i = 0; i < size; i++) {
          const at = (c * height + y * stride + i) * width + x * stride;
          for (let j = 0; j < size; j++) {
            const one = input[at + j];
            if (!largest) value += one;
            else if (one > value) value = one;
          }
        }
        output[out++] = largest ? value : value / (size * size);
      }
    }
  }
}

/** First and one past the last cell that cell `at` of an adaptive pooling averages. */
function adaptiveWindow(at, size, target) {
  return [Math.floor((at * size) / target), Math.ceil(((at + 1) * size) / target)];
}

/** The mean over windows chosen so that the output has `target` × `target` cells. */
function squeezeMaps(input, [channels, height, width], target, output) {
  let out = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < target; y++) {
      const top = Math.floor((y * height) / target);
      const bottom = Math.ceil(((y + 1) * height) / target);
      for (let x = 0; x < target; x++) {
        const left = Math.floor((x * width) / target);
        const right = Math.ceil(((x + 1) * width) / target);
        let sum = 0;
        for (let i = top; i < bottom; i++) {
          for (let j = left; j < right; j++) sum += input[(c * height + i) * width + j];
        }
        output[out++] = sum / ((bottom - top) * (right - left));
      }
    }
  }
}

/** The fully connected layer: for each output the sum of all inputs, each times its weight. */
function connect(input, weight, bias, output) {
  let at = 0;
  for (let o = 0; o < bias.length; o++) {
    let sum = bias[o];
    for (let i = 0; i < input.length; i++) sum += weight[at++] * input[i];
    output[o] = sum;
  }
}

/** Softmax: numbers that are positive and add up to one, in the order of the logits. */
function softmax(input, output) {
  let largest = -Infinity;
  for (let i = 0; i < input.length; i++) if (input[i] > largest) largest = input[i];
  let sum = 0;
  for (let i = 0; i < input.length; i++) sum += output[i] = Math.exp(input[i] - largest);
  for (let i = 0; i < input.length; i++) output[i] /= sum;
}
