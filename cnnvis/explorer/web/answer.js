// What the network says: a bar for each class, with a mark where it would stand as it was trained.

import { make } from "./controls/elements.js";

export function makeAnswer(app) {
  const said = make("p", { class: "ex-said" });
  const note = make("p", { class: "ex-note" });
  const rows = app.network.classes.map((name) => {
    const bar = make("span", { class: "ex-bar" });
    const mark = make("span", { class: "ex-mark", hidden: true });
    const share = make("span", { class: "ex-share" });
    const track = make("span", { class: "ex-track", ariaHidden: "true" }, bar, mark);
    const row = make(
      "li",
      {},
      make("span", { class: "ex-class", textContent: name }),
      track,
      share,
    );
    return { row, bar, mark, share };
  });
  const list = make("ol", { class: "ex-classes" }, ...rows.map((one) => one.row));
  const title = make("h2", { id: "ex-answer", textContent: "What the network says" });
  const element = make(
    "section",
    { class: "ex-answer", aria: { labelledby: title.id } },
    title,
    said,
    list,
    note,
  );
  const { classes } = app.network;

  const show = (pass, trained, blank) => {
    const best = bestOf(pass.probabilities);
    const reads = `reads a ${classes[best]}, ${percent(pass.probabilities[best])}.`;
    const words = `${blank ? "Nothing is drawn, and still it" : "It"} ${reads}`;
    if (said.textContent !== words) said.textContent = words;
    rows.forEach(({ row, bar, mark, share }, i) => {
      bar.style.transform = `scaleX(${pass.probabilities[i]})`;
      share.textContent = percent(pass.probabilities[i]);
      row.classList.toggle("ex-best", i === best);
      mark.hidden = !trained;
      if (trained) mark.style.left = `${100 * trained[i]}%`;
    });
    const before = trained && bestOf(trained);
    note.textContent = trained
      ? "As it was trained, with max pooling, ReLU and nothing covered: " +
        `${classes[before]}, ${percent(trained[before])} (the marks).`
      : "";
    return words;
  };
  return { element, show };
}

export const percent = (share) => `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
const bestOf = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
