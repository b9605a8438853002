"use strict";
// The page: its parts, where they stand, and the frame that draws them.

const MAP_HINT =
  "Arrow keys move from cell to cell, Page Up and Page Down from map to map, " +
  "Enter opens the arithmetic, Escape closes it.";

function startExplorer(place, network) {
  const app = makeApp(network);
  const { views, times } = app;
  const list = document.querySelector(".ex-questions");
  Object.assign(views, {
    pad: makePad(app),
    tools: makeTools(app),
    answer: makeAnswer(app),
    answers: makeAnnouncer(900),
    switches: makeSwitches(app),
    inspector: makeInspector(app),
    questions: list ? makeQuestions(list, app.say) : { tried() {} },
    layers: makeLayers(app),
  });
  listenForCells(app, views.layers.element);
  app.readAddress();
  window.addEventListener("hashchange", app.readAddress);
  drawFrame(app);
  place.replaceChildren(layOut(app));
  if (list) {
    const section = list.closest("section"); // its heading and words are in the card now
    views.switches.element.after(views.questions.element);
    section.remove();
  }
  place.classList.add("ex-alive");
  // once what is on the screen has been drawn, in the frame after the one that lays it out
  requestAnimationFrame(() =>
    requestAnimationFrame(() => (times.ready = performance.now() - times.start)),
  );
  // what is off the screen comes later, and when the page is printed
  setTimeout(views.layers.drawInTurn, 300);
  window.addEventListener("beforeprint", views.layers.drawAll);
  return app;
}

/** All parts in their order. */
function layOut({ views, announcer }) {
  const title = (text, id) => make("h2", { id, textContent: text });
  const input = make("section", { class: "ex-input", aria: { labelledby: "ex-draw" } });
  input.append(title("Draw a digit", "ex-draw"), views.pad.element, views.tools.element);
  const side = make("div", { class: "ex-side" }, input, views.answer.element);
  const main = make("section", { class: "ex-main", aria: { labelledby: "ex-layers" } });
  main.append(
    title("Every layer, every map", "ex-layers"),
    views.switches.element,
    make("p", { class: "ex-hint", id: "ex-map-hint", textContent: MAP_HINT }),
    views.layers.element,
    views.inspector.element,
  );
  const aloud = [announcer.element, views.answers.element];
  return make("div", { class: "ex-all" }, side, main, ...aloud);
}

/** Compute all layers for the drawing as it is, and show what has changed. */
function drawFrame(app) {
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
