// The cell of a convolution, or a class: its products, their sums and the bias.

import { make, makeSquare, sign } from "./controls/elements.js";
import { thousandths } from "./cell_arithmetic.js";

/** Patch × kernel = products for one input map at a time, and the sums of all of them. */
export function makeProducts(app, fact) {
  const names = ["patch", "kernel", "products"];
  const squares = names.map((name) => makeSquare(name, 3, 3));
  const [patch, kernel, products] = squares.map((one) => one.element);
  const row = [patch, sign("×"), kernel, sign("="), products];
  const total = make("p", { class: "ex-total" });
  const rest = make("p", { class: "ex-total" });
  let chosen = null; // an input map that the reader chose; else the one with the largest share
  const sums = makeSums(fact.parts.length, (part) => {
    chosen = part;
    app.showCell();
  });
  const several = fact.parts.length > 1;
  const element = make("div", {}, make("div", { class: "ex-squares" }, ...row), total);
  element.append(...(several ? sums.elements : []), rest);

  const show = (now) => {
    const open = chosen === null ? strongestOf(now.parts) : chosen;
    const part = now.parts[open];
    names.forEach((name, which) => {
      squares[which].cells.forEach((cell, i) => {
        cell.textContent = thousandths(part[name][i]);
        cell.classList.toggle("ex-outside", name !== "kernel" && !part.inside[i]);
      });
    });
    const of = several ? ` of map ${open}` : "";
    total.textContent = `The nine products${of} add up to ${thousandths(part.sum)}.`;
    sums.show(now.parts, open);
    rest.textContent = totalText(now, app.pass.relu && now.kind === "conv");
  };
  return { element, show };
}

/** A button for each input map, with its sum. */
function makeSums(count, onChoose) {
  const buttons = Array.from({ length: count }, (_, part) => {
    const share = make("span");
    const properties = { type: "button", aria: { pressed: false } };
    const button = make("button", properties, make("b", { textContent: part }), share);
    button.addEventListener("click", () => onChoose(part));
    return { button, share };
  });
  const text = "Sum of each map before it; choose one to open it";
  const caption = make("p", { class: "ex-caption", textContent: text });
  const properties = { class: "ex-parts", role: "group", aria: { label: "Sums of the input maps" } };
  const group = make("div", properties, ...buttons.map((one) => one.button));
  const show = (parts, open) => {
    buttons.forEach(({ button, share }, i) => {
      share.textContent = thousandths(parts[i].sum);
      button.setAttribute("aria-pressed", i === open);
    });
  };
  return { elements: [caption, group], show };
}

const strongestOf = (parts) =>
  parts.reduce((best, { sum }, i) => (Math.abs(sum) > Math.abs(parts[best].sum) ? i : best), 0);

/** All sums, the bias, and what the ReLU makes of them, if one follows. */
function totalText({ parts, bias, value }, cut) {
  const sum = parts.reduce((all, one) => all + one.sum, 0);
  const from = parts.length > 1 ? `All ${parts.length} sums` : "Sum";
  const added = `${bias < 0 ? "−" : "+"} bias ${thousandths(Math.abs(bias))}`;
  const relu = cut ? ` ReLU makes it ${thousandths(Math.max(0, value))}.` : "";
  return `${from} ${thousandths(sum)} ${added} = ${thousandths(value)}.${relu}`;
}
