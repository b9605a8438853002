// Elements are made here and nowhere else. Data only ever becomes text or properties, never HTML.

/** An element with properties (objects for `aria` and `data`, `class` for classes) and children. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") element.className = value;
    else if (key === "role") element.setAttribute("role", value);
    else if (key === "aria") {
      for (const [one, text] of Object.entries(value)) element.setAttribute(`aria-${one}`, text);
    } else if (key === "data") Object.assign(element.dataset, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

/** Announce a text to screen readers once nothing newer has come for a while. */
export function makeAnnouncer(wait) {
  const element = make("p", { class: "ex-hidden", aria: { live: "polite" } });
  let timer = 0;
  const say = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (element.textContent !== text) element.textContent = text;
    }, wait);
  };
  return { element, say };
}

/** Choices of which one holds, as radio buttons in a named group. */
export function makeChoice(legend, name, options, chosen, onChange) {
  const inputs = {};
  const group = make("fieldset", { class: "ex-choice" }, make("legend", { textContent: legend }));
  const row = make("div", { class: "ex-segments" });
  for (const [value, text] of Object.entries(options)) {
    const input = make(
      "input",
      { type: "radio", name: `ex-${name}`, value, checked: value === chosen },
    );
    input.addEventListener("change", () => onChange(value));
    inputs[value] = input;
    row.append(make("label", {}, input, make("span", { textContent: text })));
  }
  group.append(row);
  return { element: group, set: (value) => (inputs[value].checked = true) };
}

/** A slider with a name and the value that it has, in words; with its sign if it can be negative. */
export function makeSlider(text, { min, max, step = 1, value = 0, unit = "" }, onInput) {
  const input = make("input", { type: "range", min, max, step, value });
  const shown = make("span", { class: "ex-number", ariaHidden: "true" });
  const label = make(
    "label",
    { class: "ex-slider" },
    make("span", { textContent: text }),
    input,
    shown,
  );
  const show = () => {
    const now = Number(input.value);
    const words = `${now > 0 && min < 0 ? "+" : now < 0 ? "−" : ""}${Math.abs(now)}${unit}`;
    shown.textContent = words;
    input.setAttribute("aria-valuetext", words);
  };
  input.addEventListener("input", () => {
    show();
    onInput(Number(input.value));
  });
  show();
  const set = (next) => {
    input.value = next;
    show();
  };
  return { element: label, set };
}

export const makeButton = (text, onClick) => {
  const button = make("button", { type: "button", textContent: text, class: "ex-button" });
  button.addEventListener("click", onClick);
  return button;
};

/** A square of numbers with a name; cells take on colours by class. */
export function makeSquare(caption, rows, columns) {
  const cells = Array.from({ length: rows * columns }, () => make("td"));
  const table = make("table", { class: "ex-numbers" }, make("caption", { textContent: caption }));
  for (let y = 0; y < rows; y++) {
    table.append(make("tr", {}, ...cells.slice(y * columns, (y + 1) * columns)));
  }
  return { element: table, cells };
}

export const sign = (text) => make("span", { class: "ex-sign", textContent: text });

/** Lay an element over the cells of a rectangle on a map of height × width cells. */
export function setBox({ style }, [top, left, bottom, right], height, width) {
  style.top = `${(100 * top) / height}%`;
  style.left = `${(100 * left) / width}%`;
  style.height = `${(100 * (bottom - top)) / height}%`;
  style.width = `${(100 * (right - left)) / width}%`;
}

/** A number as text, with a real minus sign. */
export const number = (value, digits = 2) => {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
};
