"use strict";
// The arithmetic of the chosen cell, in numbers that add up as they are shown.

const INVITATION =
  "Point at a cell of a map, tap it, or walk there with the arrow keys: " +
  "what it sees is outlined, and its arithmetic opens here.";

function makeInspector(app) {
  const title = make("h2", { id: "ex-cell-title", tabIndex: -1 });
  const text = make("p", { class: "ex-cell-text" });
  const body = make("div", { class: "ex-sum" });
  const close = makeButton("Close", app.release);
  const head = make("div", { class: "ex-cell-head" }, title, close);
  const stepper = makeStepper("Step through this convolution", walkOf(app));
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

/** The way through the chosen cell's map, in reading order; the map fills behind it. */
function walkOf(app) {
  const sizes = () => app.pass.steps[app.state.cell.index].shape;
  return {
    at: () => app.state.cell.row * sizes()[2] + app.state.cell.column,
    count: () => sizes()[1] * sizes()[2],
    go(to, aloud) {
      app.filling = true;
      const [row, column] = [Math.floor(to / sizes()[2]), to % sizes()[2]];
      app.choose({ ...app.state.cell, row, column }, true, aloud);
      app.redraw(); // also where the cell stays the same: now the map fills
    },
  };
}

/** Which pixels of the picture a cell sees, in words. */
function fieldText(pass, { index, channel, row, column }) {
  const [top, left, bottom, right] = fieldsOf(pass, index, channel, row, column)[0].box;
  const [height, width] = [bottom - top, right - left];
  const where = `rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}`;
  return `It sees ${height}×${width} pixels of the picture: ${where}.`;
}

/** Patch × kernel = products for one input map at a time, and the sums of all of them. */
function makeProducts(app, fact) {
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
