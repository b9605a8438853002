// What a layer does, in a few words.

/** What a layer does, in a few words. */
export function storyOf(step, before, { pooling, relu }) {
  const [, height] = step.shape;
  if (step.kind === "conv") {
    return before.kind === "input"
      ? "Each filter of 3×3 weights slides over the image."
      : `Each filter reads all ${before.shape[0]} maps before it: 3×3 weights for each of them.`;
  }
  if (step.kind === "relu") {
    return relu ? "What is negative becomes zero." : "Switched off: values pass as they are.";
  }
  if (step.kind === "pool") {
    if (pooling === "none") return "Switched off: the maps stay as large as they are.";
    return `The ${pooling === "max" ? "largest" : "mean"} of 2×2 cells is kept.`;
  }
  if (step.kind === "fc") {
    const weighed = `all ${before.values.length} numbers above are weighed and added up`;
    return `For each class, ${weighed}. Softmax makes the sums probabilities.`;
  }
  return before.shape[1] === height
    ? "Brings maps to 3×3; these have that size already."
    : "Means over parts of each map: 3×3 of them.";
}
