"use strict";
// The arithmetic of the chosen cell, in numbers that add up as they are shown.

const INVITATION =
  "Point at a cell of a map, tap it, or walk there with the arrow keys: " +
  "what it sees is outlined, and its arithmetic opens here.";

function makeInspector(app) {
  const title = make("h2", { id: "ex-cell-title", tabIndex: -1 });
  const text = make("p", { class: "ex-cell-text" });
  const body = make("div", { class: "ex-sum" });
  const close = makeButton("Close", () => app.release(true));
  const head = make("div", { class: "ex-cell-head" }, title, close);
  const stepper = makeStepper(app);
  const element = make(
    "section",
    { class: "ex-cell", aria: { labelledby: title.id } },
    head,
    text,
    body,
    stepper.element,
  );
  let view = null;
  let kindShown = "";

  const show = (fact, pass) => {
    element.classList.toggle("ex-open", Boolean(fact));
    close.hidden = !fact;
    stepper.element.hidden = !fact || fact.kind !== "conv";
    if (!fact || fact.kind !== "conv") stepper.stop();
    if (!fact) {
      title.textContent = "Any cell, opened";
      text.textContent = INVITATION;
      body.replaceChildren();
      kindShown = "";
      return;
    }
    const key = `${fact.name} ${fact.parts ? "" : fact.rule}`;
    if (key !== kindShown) {
      view = fact.parts ? makeProducts(app, fact) : makeWindow(fact);
      body.replaceChildren(view.element);
      kindShown = key;
    }
    title.textContent = cellName(app, fact);
    text.textContent = fieldText(pass, app.state.cell);
    view.show(fact);
  };
  return { element, show, title };
}

/** Which pixels of the picture a cell sees, in words. */
function fieldText(pass, { index, channel, row, column }) {
  const [top, left, bottom, right] = fieldsOf(pass, index, channel, row, column)[0].box;
  const [height, width] = [bottom - top, right - left];
  const where = `rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}`;
  return `It sees ${height}×${width} pixels of the picture: ${where}.`;
}

/** A square of numbers with a name; cells take on colours by class. */
function makeSquare(caption, rows, columns) {
  const cells = Array.from({ length: rows * columns }, () => make("td"));
  const table = make("table", { class: "ex-numbers" }, make("caption", { textContent: caption }));
  for (let y = 0; y < rows; y++) {
    table.append(make("tr", {}, ...cells.slice(y * columns, (y + 1) * columns)));
  }
  return { element: table, cells };
}

const sign = (text) => make("span", { class: "ex-sign", textContent: text });

/** Patch × kernel = products for one input map at a time, and the sums of all of them. */
function makeProducts(app, fact) {
  const squares = ["patch", "kernel", "products"].map((caption) => makeSquare(caption, 3, 3));
  const [patch, kernel, products] = squares;
  const total = make("p", { class: "ex-total" });
  const rest = make("p", { class: "ex-total" });
  const squaresRow = make(
    "div",
    { class: "ex-squares" },
    patch.element,
    sign("×"),
    kernel.element,
    sign("="),
    products.element,
  );
  const element = make("div", {}, squaresRow, total);
  let chosen = null; // an input map that the reader chose; else the one with the largest share
  const buttons = fact.parts.map((_, part) => {
    const share = make("span");
    const button = make(
      "button",
      { type: "button", aria: { pressed: false } },
      make("b", { textContent: part }),
      share,
    );
    button.addEventListener("click", () => {
      chosen = part;
      app.showCell();
    });
    return { button, share };
  });
  if (buttons.length > 1) {
    const group = make(
      "div",
      { class: "ex-parts", role: "group", aria: { label: "Sums of the input maps" } },
    );
    group.append(...buttons.map((one) => one.button));
    element.append(
      make(
        "p",
        { class: "ex-caption", textContent: "Sum of each map before it; choose one to open it" },
      ),
      group,
    );
  }
  element.append(rest);

  const show = ({ kind, parts, bias, value }) => {
    const strongest = parts.reduce(
      (best, part, i) => (Math.abs(part.sum) > Math.abs(parts[best].sum) ? i : best),
      0,
    );
    const open = chosen === null ? strongest : chosen;
    const part = parts[open];
    for (const [square, key] of [[patch, "patch"], [kernel, "kernel"], [products, "products"]]) {
      square.cells.forEach((cell, i) => {
        cell.textContent = thousandths(part[key][i]);
        cell.classList.toggle("ex-outside", key !== "kernel" && !part.inside[i]);
      });
    }
    const of = parts.length > 1 ? ` of map ${open}` : "";
    total.textContent = `The nine products${of} add up to ${thousandths(part.sum)}.`;
    buttons.forEach(({ button, share }, i) => {
      share.textContent = thousandths(parts[i].sum);
      button.setAttribute("aria-pressed", i === open);
    });
    const sum = parts.reduce((all, one) => all + one.sum, 0);
    const cut = app.pass.relu && kind === "conv";
    const relu = cut ? ` ReLU makes it ${thousandths(Math.max(0, value))}.` : "";
    const from = parts.length > 1 ? `All ${parts.length} sums` : "Sum";
    const added = `${bias < 0 ? "−" : "+"} bias ${thousandths(Math.abs(bias))}`;
    rest.textContent = `${from} ${thousandths(sum)} ${added} = ${thousandths(value)}.${relu}`;
  };
  return { element, show };
}

/** The window that a ReLU, a pooling or a mean reads, and what becomes of it. */
function makeWindow(fact) {
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
