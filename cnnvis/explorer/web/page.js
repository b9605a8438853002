// The page: its parts, and where they stand.

import { make, makeAnnouncer } from "./controls/elements.js";
import { makeAnswer } from "./answer.js";
import { makeApp } from "./app.js";
import { drawFrame } from "./frame.js";
import { makeInspector } from "./inspector.js";
import { makeLayers } from "./layers.js";
import { makePad } from "./pad.js";
import { listenForCells } from "./pointing.js";
import { makeQuestions } from "./questions.js";
import { makeSwitches } from "./switches.js";
import { makeTools } from "./tools.js";

const MAP_HINT =
  "Arrow keys move from cell to cell, Page Up and Page Down from map to map, " +
  "Enter opens the arithmetic, Escape closes it.";

export function startExplorer(place, network) {
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
    section?.remove();
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
