// One frame: all layers computed for the drawing as it is, and everything drawn that shows them.

import { fieldsOf } from "./receptive_field.js";

/** Compute all layers for the drawing as it is, and show what has changed. */
export function drawFrame(app) {
  const { state, pass, pixels, views, times } = app;
  const begun = performance.now();
  app.develop(state.square, pixels);
  const before = performance.now();
  pass.run(pixels);
  times.forward = performance.now() - before;
  const blank = !pixels.some(Boolean);
  views.answers.say(views.answer.show(pass, trainedAnswer(app), blank));
  views.pad.draw(pass);
  views.layers.draw(pass);
  const { cell } = state;
  const fields = cell ? fieldsOf(pass, cell.index, cell.channel, cell.row, cell.column) : [];
  views.pad.outline(fields[0]);
  views.layers.outline(fields, cell);
  app.showCell();
  times.frame = performance.now() - begun;
}

/** The answer as the network was trained, with nothing covered; null if this is what one sees. */
function trainedAnswer(app) {
  const { pooling, relu, square } = app.state;
  if (pooling === "max" && relu && !square) return null;
  const trained = app.passOf("max", true);
  app.develop(null, app.bare);
  trained.run(app.bare);
  const answer = Float32Array.from(trained.probabilities);
  if (trained === app.pass) trained.run(app.pixels); // the same memory serves both
  return answer;
}
