"use strict";
// Every layer in reading order, each with all its maps. One Tab stop a layer; arrows move the cell.

const COLUMNS = { 8: 8, 10: 10, 16: 16, 32: 16 }; // maps in a row, by how many a layer has

/** What a layer does, in a few words. */
function storyOf(step, before, { pooling, relu }) {
  const [, height] = step.shape;
  if (step.kind === "conv") {
    return before.kind === "input"
      ? "Each filter of 3×3 weights slides over the picture."
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

function makeLayers(app) {
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
      const { element } = views.find((view) => view.index === index);
      const map = element.querySelector(`[data-channel="${channel}"]`).getBoundingClientRect();
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

/** A map by name: its layer and its number, or the class that it stands for. */
function placeName(app, index, channel) {
  const { name, kind } = app.pass.steps[index];
  const which = kind === "fc" ? `class ${app.network.classes[channel]}` : `map ${channel}`;
  return `${name}, ${which}`;
}

/** One map: a canvas of as many pixels as cells, and an outline above it. */
function makeMap(app, index, channel) {
  const { kind, shape } = app.pass.steps[index];
  const label = `${placeName(app, index, channel)} of ${shape[0]}`;
  const element = make("div", {
    class: "ex-map",
    tabIndex: -1,
    role: "application",
    aria: { roledescription: "feature map", label, describedby: "ex-map-hint" },
    data: { step: index, channel },
  });
  const under = { class: "ex-under", textContent: app.network.classes[channel] };
  const caption = kind === "fc" ? [make("span", under)] : [];
  const field = make("span", { class: "ex-field", hidden: true });
  element.append(make("span", { class: "ex-blank" }), field, ...caption);
  let screen = null;
  const range = {};
  return {
    element,
    draw(step, height, width, shared, signed, table) {
      if (!screen || screen.canvas.width !== width || screen.canvas.height !== height) {
        screen = makeScreen(height, width);
        element.firstChild.replaceWith(screen.canvas);
      }
      const from = channel * height * width;
      measure(step.values, from, from + height * width, range);
      element.classList.toggle("ex-flat", height > 1 && range.high === range.low);
      const span = shared || spanOf(range, signed);
      paint(screen, step.values, from, span, table, filledOf(app, index, channel, width));
    },
    outline(box, [, height, width], own) {
      field.hidden = !box;
      if (box) setBox(field, box, height, width);
      field.classList.toggle("ex-own", Boolean(box && own));
    },
  };
}

/** How many cells of a map are shown: those up to the chosen one while one steps through it. */
function filledOf({ filling, state: { cell } }, index, channel, width) {
  return filling && isCell(cell, index, channel) ? cell.row * width + cell.column + 1 : Infinity;
}

/** The colour bar of a layer with its two ends. */
function makeLegend() {
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

/** The kernels of the first layer, above the maps that they give. */
function makeKernels(app, index) {
  const { weight, shape } = app.pass.steps[index].layer;
  const range = {};
  measure(weight, 0, weight.length, range);
  const row = make(
    "div",
    { class: "ex-maps ex-kernels ex-columns-8", role: "group", aria: { label: "Kernels" } },
  );
  for (let channel = 0; channel < shape[0]; channel++) {
    const screen = makeScreen(3, 3);
    paint(screen, weight, channel * 9, spanOf(range, true), TABLES.diverging);
    const numbers = Array.from(weight.slice(channel * 9, channel * 9 + 9), (one) => number(one));
    const rows = [0, 3, 6].map((at) => numbers.slice(at, at + 3).join(" "));
    const label = `Kernel of map ${channel}: ${rows.join("; ")}`;
    screen.canvas.title = label;
    screen.canvas.setAttribute("role", "img");
    screen.canvas.setAttribute("aria-label", label);
    row.append(make("div", { class: "ex-kernel" }, screen.canvas));
  }
  return row;
}
