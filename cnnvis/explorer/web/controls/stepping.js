// Step through a layer's output: the window slides in reading order, by hand or by itself.

import { make, makeButton } from "./elements.js";

const STEP_TIME = 120; // milliseconds from cell to cell in play

/** Buttons for a walk: where it is `at`, how many places it has, and `go(to, aloud)`. */
export function makeStepper(label, { at, count, go }) {
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const move = (by) => {
    const to = at() + by;
    if (to >= 0 && to < count()) go(to, timer === 0);
    else stop();
  };
  const start = makeButton("From the start", () => {
    stop();
    go(0, true);
  });
  const back = makeButton("Back", () => (stop(), move(-1)));
  const on = makeButton("Step", () => (stop(), move(1)));
  const play = makeButton("Play", () => {
    if (timer) return stop();
    timer = setInterval(move, STEP_TIME, 1);
    play.textContent = "Pause";
    move(1);
  });
  const properties = { class: "ex-row ex-stepper", role: "group", aria: { label } };
  return { element: make("div", properties, start, back, on, play), stop };
}
