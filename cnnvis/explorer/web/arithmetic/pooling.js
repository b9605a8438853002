// Pooling: the largest value, or the mean, of windows; outputs are given, as for convolutions.

import { outputSize } from "./convolution.js";

/** The largest value, or the mean, of each window of `size` × `size`, without padding. */
export function pool(input, [channels, height, width], { kind, size = 2, stride = size }, output) {
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

/** First and one past the last of `size` cells that mean number `at` of `target` is taken of. */
export function adaptiveWindow(at, size, target) {
  return [Math.floor((at * size) / target), Math.ceil(((at + 1) * size) / target)];
}

/** The mean over windows chosen so that the output has `target` × `target` cells. */
export function squeezeMaps(input, [channels, height, width], target, output) {
  let out = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < target; y++) {
      const [top, bottom] = adaptiveWindow(y, height, target);
      for (let x = 0; x < target; x++) {
        const [left, right] = adaptiveWindow(x, width, target);
        let sum = 0;
        for (let i = top; i < bottom; i++) {
          for (let j = left; j < right; j++) sum += input[(c * height + i) * width + j];
        }
        output[out++] = sum / ((bottom - top) * (right - left));
      }
    }
  }
}
