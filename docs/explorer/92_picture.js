"use strict";
// The view as a PNG: the input, the answer and every map, on white.

function drawPicture(app, pixels) {
  const scale = 3;
  const cell = 84; // a map of 28×28 cells, three pixels each
  const [gap, left, wide] = [6, 320, 16 * 44];
  const rows = app.pass.steps.filter(({ kind }) => kind !== "input" && kind !== "softmax");
  const heights = rows.map(
    ({ shape }) => (shape[0] <= 10 ? cell + gap : Math.ceil(shape[0] / 16) * 44) + 30,
  );
  const height = heights.reduce((sum, one) => sum + one, 40);
  const canvas = make("canvas", { width: left + wide + 30, height });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, height);
  context.imageSmoothingEnabled = false;
  const write = (text, x, y, font = "15px sans-serif") => {
    context.fillStyle = "#1c2329";
    context.font = font;
    context.fillText(text, x, y);
  };
  const screenOf = ({ values, shape }, channel, span, table) => {
    const screen = makeScreen(shape[1], shape[2]);
    paint(screen, values, channel * shape[1] * shape[2], span, table);
    return screen.canvas;
  };
  const { size } = app.network;
  context.drawImage(
    screenOf({ values: pixels, shape: [1, size, size] }, 0, [0, 1], TABLES.grey),
    30,
    40,
    84 * scale,
    84 * scale,
  );
  app.pass.probabilities.forEach((share, i) => {
    const y = 330 + 24 * i;
    write(app.network.classes[i], 30, y + 12);
    context.fillStyle = "#14607c";
    context.fillRect(50, y, 170 * share, 14);
    write(percent(share), 228, y + 12);
  });
  let top = 40;
  rows.forEach((step, i) => {
    const signed = step.kind === "conv" || step.kind === "fc" || !app.pass.relu;
    const table = TABLES[SCHEMES[app.state.colours][signed ? 1 : 0]];
    const range = {};
    measure(step.values, 0, step.values.length, range);
    const shared = spanOf(range, signed);
    const side = step.shape[0] <= 10 ? wide / Math.max(8, step.shape[0]) : wide / 16;
    const count = step.shape[1] * step.shape[2];
    write(step.name, left, top - 8, "600 15px sans-serif");
    for (let c = 0; c < step.shape[0]; c++) {
      if (app.state.scale === "map") measure(step.values, c * count, (c + 1) * count, range);
      const span = app.state.scale === "map" ? spanOf(range, signed) : shared;
      const x = left + (c % 16) * side;
      context.drawImage(
        screenOf(step, c, span, table),
        x,
        top + Math.floor(c / 16) * 44,
        side - gap / 2,
        side - gap / 2,
      );
    }
    top += heights[i];
  });
  return canvas;
}

/** Offer the view as a file. */
function savePicture(app, pixels) {
  drawPicture(app, pixels).toBlob((blob) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: "explorer.png" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}
