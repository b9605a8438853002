// Predict, then try: the page's own questions, one at a time. Trying a switch opens its answer.

import { make, makeButton } from "./controls/elements.js";

export function makeQuestions(list, say) {
  const cards = [];
  list.querySelectorAll("dt").forEach((term) => {
    const answer = make("details", {}, make("summary", { textContent: "Answer" }));
    const definition = term.nextElementSibling;
    answer.append(...(definition ? definition.childNodes : []));
    const key = term.querySelector("strong").textContent.replace(".", "").toLowerCase();
    cards.push({
      key,
      answer,
      card: make("div", { hidden: true }, make("p", {}, ...term.childNodes), answer),
    });
  });
  let at = 0;
  const where = make("span", { class: "ex-sizes" });
  const show = (next) => {
    at = (next + cards.length) % cards.length;
    cards.forEach(({ card }, i) => (card.hidden = i !== at));
    where.textContent = `Question ${at + 1} of ${cards.length}`;
  };
  const turn = (text, by) => {
    const button = makeButton(text, () => {
      show(at + by);
      say(`${where.textContent}: ${cards[at].card.firstChild.textContent}`);
    });
    button.setAttribute("aria-label", `${text} question`);
    return button;
  };
  const bar = make("div", { class: "ex-row" }, where, turn("Previous", -1), turn("Next", 1));
  const title = make("h2", { id: "ex-questions", textContent: "Predict, then try" });
  const element = make(
    "section",
    { class: "ex-questions-card", aria: { labelledby: title.id } },
    title,
    ...cards.map((one) => one.card),
    bar,
  );
  show(0);
  return {
    element,
    /** The reader has tried what a question is about. */
    tried(key) {
      const found = cards.findIndex((one) => one.key === key);
      if (found < 0) return;
      cards[found].answer.open = true;
      show(found);
    },
  };
}

/**
 * The question, by its first words, about what has just been changed; "" if there is none.
 * @param {Partial<import("./state.js").State>} changed
 */
export function questionOn({ change, pooling, relu, square, scale }) {
  if (pooling === "average") return "pooling";
  if (pooling === "none") return "no pooling";
  if (relu === false) return "relu";
  if (square) return "grey square";
  if (scale === "map") return "scale";
  return change && isFar(change) ? "shift" : "";
}

const isFar = ({ right, down, turn }) =>
  Math.abs(right) >= 4 || Math.abs(down) >= 4 || Math.abs(turn) >= 45;
