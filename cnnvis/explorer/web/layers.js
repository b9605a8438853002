// Every layer in reading order, each with all its maps. One Tab stop a layer; arrows move the cell.

import { make } from "./controls/elements.js";
import { makeLegend } from "./colour_bar.js";
import { isSigned, measure, spanOf, tableOf } from "./colours.js";
import { makeMap } from "./feature_map.js";
import { makeKernels } from "./kernels.js";
import { storyOf } from "./layer_story.js";

const COLUMNS = { 8: 8, 10: 10, 16: 16, 32: 16 }; // maps in a row, by how many a layer has

export function makeLayers(app) {
  const element = make("div", { class: "ex-layers" });
  const views = [];
  // only what is on the screen has to be drawn at every stroke
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const view = views.find((one) => one.element === target);
      const appears = isIntersecting && !view.onScreen;
      view.onScreen = isIntersecting;
      if (appears) view.draw(app.pass);
    }
  });
  let stage = null;
  app.pass.steps.forEach((step, index) => {
    if (step.kind === "input" || step.kind === "softmax") return;
    if (step.kind === "conv" || step.kind === "fc") {
      stage = make("div", { class: "ex-stage" });
      element.append(stage);
    }
    const view = makeLayer(app, index);
    views.push(view);
    observer.observe(view.element);
    stage.append(view.element);
  });
  return {
    element,
    draw: (pass) => views.forEach((view) => (view.onScreen ? view.draw(pass) : view.tell(pass))),
    drawAll: () => views.forEach((view) => view.draw(app.pass)),
    /** The same, with time for other things after each layer. */
    drawInTurn() {
      views.forEach((view, at) => setTimeout(() => view.draw(app.pass), 30 * at));
    },
    outline: (fields, chosen) => views.forEach((view) => view.outline(fields[view.index], chosen)),
    /** Bring a layer's map above the panel that opens at the bottom of the window. */
    uncover(index, channel, panel) {
      const layer = views.find((view) => view.index === index).element;
      const map = layer.querySelector(`[data-channel="${channel}"]`).getBoundingClientRect();
      const below = map.bottom + 12 - (window.innerHeight - panel.offsetHeight);
      const above = map.top - 70; // below what stands fixed at the top of a phone
      const by = below > 0 ? Math.min(below, Math.max(0, above)) : Math.min(0, above);
      if (by) window.scrollBy({ top: by, behavior: "instant" });
    },
    focus: (index, channel) => views.find((view) => view.index === index).focus(channel),
  };
}

/** What stands above a layer's maps: its name, its sizes, its colour bar and its story. */
function makeHead(app, index) {
  const { name, kind } = app.pass.steps[index];
  const legend = makeLegend();
  const text = make("p", { class: "ex-story" });
  const sizes = make("span", { class: "ex-sizes" });
  const named = make("span", { class: "ex-name", textContent: name });
  const title = make("h3", { id: `ex-${name}` }, named, " ", sizes);
  const show = (element, words) => {
    if (element.textContent !== words) element.textContent = words;
  };
  return {
    title,
    legend,
    elements: [title, legend.element, text],
    tell(pass) {
      const step = pass.steps[index];
      const [channels, height, width] = step.shape;
      show(sizes, `${channels} ${kind === "fc" ? "numbers" : `maps of ${height}×${width}`}`);
      show(text, storyOf(step, pass.steps[index - 1], pass));
    },
  };
}

function makeLayer(app, index) {
  const [channels] = app.pass.steps[index].shape;
  const { title, legend, elements, tell } = makeHead(app, index);
  const maps = Array.from({ length: channels }, (_, channel) => makeMap(app, index, channel));
  const grid = make(
    "div",
    { class: `ex-maps ex-columns-${COLUMNS[channels] || 8}` },
    ...maps.map((map) => map.element),
  );
  const properties = { class: "ex-layer", aria: { labelledby: title.id } };
  const element = make("section", properties, ...elements);
  if (index === 1) element.append(makeKernels(app, index));
  element.append(grid);
  const range = {};
  const rove = (stop) => maps.forEach(({ element: one }, i) => (one.tabIndex = i === stop ? 0 : -1));
  rove(0);

  return {
    index,
    element,
    onScreen: false,
    tell, // also while the maps are off the screen
    draw(pass) {
      const step = pass.steps[index];
      const [, height, width] = step.shape;
      const signed = isSigned(step, pass);
      const table = tableOf(app.state, signed);
      measure(step.values, 0, step.values.length, range);
      const span = spanOf(range, signed);
      const shared = app.state.scale === "layer" ? span : null;
      for (const map of maps) map.draw(step, height, width, shared, signed, table);
      legend.draw(app.state, span, signed);
      tell(pass);
    },
    outline(field, chosen) {
      const { shape } = app.pass.steps[index];
      const here = chosen && chosen.index === index;
      maps.forEach((map, channel) => {
        const seen = field && (field.channel === -1 || field.channel === channel);
        map.outline(seen ? field.box : null, shape, here);
      });
      if (here) rove(chosen.channel);
    },
    /** At once, not with the next frame: the next key may come before it. */
    focus(channel) {
      rove(channel);
      maps[channel].element.focus();
    },
  };
}
