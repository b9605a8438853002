"use strict";
// Elements are made here and nowhere else. Data only ever becomes text or properties, never HTML.

/** An element with properties (objects for `aria` and `data`, `class` for classes) and children. */
function make(name, properties = {}, ...children) {
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
function makeAnnouncer(wait) {
  const element = make("p", { class: "ex-hidden", aria: { live: "polite" } });
  let timer = 0;
  const say = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => (element.textContent = text), wait);
  };
  return { element, say };
}

/** Choices of which one holds, as radio buttons in a named group. */
function makeChoice(legend, name, options, chosen, onChange) {
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

/** A slider with a name and the value that it has, in words. */
function makeSlider(text, { min, max, step, unit = "" }, onInput) {
  const input = make("input", { type: "range", min, max, step, value: 0 });
  const shown = make("output", { class: "ex-number" });
  const label = make(
    "label",
    { class: "ex-slider" },
    make("span", { textContent: text }),
    input,
    shown,
  );
  const show = () => {
    const value = Number(input.value);
    const words = `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value)}${unit}`;
    shown.textContent = words;
    input.setAttribute("aria-valuetext", words);
  };
  input.addEventListener("input", () => {
    show();
    onInput(Number(input.value));
  });
  show();
  const set = (value) => {
    input.value = value;
    show();
  };
  return { element: label, set };
}

const makeButton = (text, onClick) => {
  const button = make("button", { type: "button", textContent: text, class: "ex-button" });
  button.addEventListener("click", onClick);
  return button;
};

/** Thousandths as text with a real minus sign: 1234 becomes 1.234. */
const thousandths = (n) => `${n < 0 ? "−" : ""}${(Math.abs(n) / 1000).toFixed(3)}`;
const number = (value, digits = 2) => {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
};
const percent = (share) => `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
