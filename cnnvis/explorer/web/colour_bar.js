// The colour bar of a layer.

import { make, number } from "./controls/elements.js";
import { tableOf } from "./colours.js";
import { makeScreen, paint } from "./screen.js";

/** The colour bar of a layer with its two ends. */
export function makeLegend() {
  const screen = makeScreen(1, 64);
  const low = make("span");
  const high = make("span");
  const ramp = Float32Array.from({ length: 64 }, (_, i) => i / 63);
  screen.canvas.ariaHidden = true; // the two ends are said
  const element = make("p", { class: "ex-legend" }, low, screen.canvas, high);
  let drawn = "";
  return {
    element,
    draw({ scale, colours }, [from, to], signed) {
      const key = `${colours} ${signed}`;
      if (key !== drawn) paint(screen, ramp, 0, [0, 1], tableOf({ colours }, signed));
      drawn = key;
      const own = scale === "map";
      low.textContent = own ? (signed ? "−" : "0") : number(from, 1);
      high.textContent = own ? "+ each map its own scale" : number(to, 1);
    },
  };
}
