"use strict";
// Step through a convolution: the window slides in reading order, and the output fills behind it.

const STEP_TIME = 120; // milliseconds from cell to cell in play

function makeStepper(app) {
  let timer = 0;
  const move = (by) => {
    const { cell } = app.state;
    const [, height, width] = app.pass.steps[cell.index].shape;
    const to = cell.row * width + cell.column + by;
    if (to < 0 || to >= height * width) return stop();
    app.filling = true;
    app.choose({ ...cell, row: Math.floor(to / width), column: to % width }, true, timer === 0);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const start = makeButton("From the start", () => {
    stop();
    app.filling = true;
    app.choose({ ...app.state.cell, row: 0, column: 0 }, true);
  });
  const back = makeButton("Back", () => (stop(), move(-1)));
  const on = makeButton("Step", () => (stop(), move(1)));
  const play = makeButton("Play", () => {
    if (timer) return stop();
    timer = setInterval(move, STEP_TIME, 1);
    play.textContent = "Pause";
    move(1);
  });
  const element = make(
    "div",
    { class: "ex-row ex-stepper", role: "group", aria: { label: "Step through this convolution" } },
  );
  element.append(start, back, on, play);
  return { element, stop };
}
