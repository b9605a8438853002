"use strict";
// What else the network computes: ReLU, the means before the last layer, that layer, and softmax.

/** ReLU: what is negative becomes zero. */
function rectify(input, output) {
  for (let i = 0; i < input.length; i++) output[i] = input[i] > 0 ? input[i] : 0;
}

/** First and one past the last of `size` cells that mean number `at` of `target` is taken of. */
function adaptiveWindow(at, size, target) {
  return [Math.floor((at * size) / target), Math.ceil(((at + 1) * size) / target)];
}

/** The mean over windows chosen so that the output has `target` × `target` cells. */
function squeezeMaps(input, [channels, height, width], target, output) {
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
