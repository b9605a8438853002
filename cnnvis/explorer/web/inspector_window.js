// The cell of a ReLU, a pooling or a mean: the window that it reads, and what becomes of it.

import { make, makeSquare } from "./controls/elements.js";
import { thousandths } from "./cell_arithmetic.js";

/** The window that a ReLU, a pooling or a mean reads, and what becomes of it. */
export function makeWindow(fact) {
  const line = make("p", { class: "ex-total" });
  const element = make("div", {}, line);
  let square = null;
  let shape = "";
  const show = ({ window: rows, rule, value }) => {
    const values = rows.flat().map((one) => Math.round(one * 1000));
    const largest = Math.max(...values);
    const few = rows.length <= 4 && values.length > 1;
    if (`${rows.length}` !== shape) {
      shape = `${rows.length}`;
      square = few ? makeSquare("window", rows.length, rows[0].length) : null;
      element.replaceChildren(...(square ? [square.element] : []), line);
    }
    if (square) {
      square.cells.forEach((cell, i) => {
        cell.textContent = thousandths(values[i]);
        cell.classList.toggle("ex-largest", rule === "max" && i === values.indexOf(largest));
      });
    }
    line.textContent = sentenceOf(rule, values, value);
  };
  show(fact);
  return { element, show };
}

function sentenceOf(rule, values, value) {
  if (rule === "relu") return `max(0, ${thousandths(values[0])}) = ${thousandths(value)}.`;
  if (rule === "same" || values.length === 1) {
    return `The value is passed on as it is: ${thousandths(value)}.`;
  }
  if (rule === "max") return `The largest of the ${values.length} is ${thousandths(value)}.`;
  const sum = values.reduce((all, one) => all + one, 0);
  const [count, total, mean] = [values.length, thousandths(sum), thousandths(value)];
  return `The ${count} values add up to ${total}; divided by ${count}, that is ${mean}.`;
}
