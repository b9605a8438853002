// The switches above the layers.

import { make, makeChoice } from "./controls/elements.js";

export function makeSwitches(app) {
  const { state } = app;
  const pooling = makeChoice(
    "Pooling",
    "pooling",
    { max: "Max", average: "Average", none: "None" },
    state.pooling,
    (value) => app.set({ pooling: value }),
  );
  const relu = makeChoice(
    "ReLU",
    "relu",
    { on: "On", off: "Off" },
    "on",
    (value) => app.set({ relu: value === "on" }),
  );
  const scale = makeChoice(
    "Scale",
    "scale",
    { layer: "Layer", map: "Map" },
    state.scale,
    (value) => app.set({ scale: value }),
  );
  const colours = makeChoice(
    "Colours",
    "colours",
    { colour: "Viridis", grey: "Grey" },
    state.colours,
    (value) => app.set({ colours: value }),
  );
  const all = [pooling, relu, scale, colours];
  return {
    element: make("div", { class: "ex-switches" }, ...all.map((one) => one.element)),
    show() {
      pooling.set(state.pooling);
      relu.set(state.relu ? "on" : "off");
      scale.set(state.scale);
      colours.set(state.colours);
    },
  };
}
