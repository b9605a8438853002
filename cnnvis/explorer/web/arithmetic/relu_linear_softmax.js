// What else the network computes: ReLU, the fully connected layer, and softmax.

/** ReLU: what is negative becomes zero. */
export function rectify(input, output) {
  for (let i = 0; i < input.length; i++) output[i] = input[i] > 0 ? input[i] : 0;
}

/** The fully connected layer: for each output the sum of all inputs, each times its weight. */
export function connect(input, weight, bias, output) {
  let at = 0;
  for (let o = 0; o < bias.length; o++) {
    let sum = bias[o];
    for (let i = 0; i < input.length; i++) sum += weight[at++] * input[i];
    output[o] = sum;
  }
}

/** Softmax: numbers that are positive and add up to one, in the order of the logits. */
export function softmax(input, output) {
  let largest = -Infinity;
  for (let i = 0; i < input.length; i++) if (input[i] > largest) largest = input[i];
  let sum = 0;
  for (let i = 0; i < input.length; i++) sum += output[i] = Math.exp(input[i] - largest);
  for (let i = 0; i < input.length; i++) output[i] /= sum;
}
