"use strict";
// What stands below the pad: tools, sample digits, a picture of one's own, and the sliders.

function makeTools(app) {
  const tool = makeChoice(
    "Tool",
    "tool",
    { draw: "Pen", erase: "Eraser", cover: "Grey square" },
    "draw",
    app.setTool,
  );
  const samples = make(
    "div",
    { class: "ex-samples", role: "group", aria: { label: "Sample digits" } },
  );
  app.network.digits.forEach((shades, digit) => {
    const screen = makeScreen(app.network.size, app.network.size);
    paint(screen, shades, 0, [0, app.network.levels], TABLES.grey);
    const button = make(
      "button",
      { type: "button", aria: { label: `Sample digit ${app.network.classes[digit]}` } },
      screen.canvas,
    );
    button.addEventListener("click", () => app.load(shades));
    samples.append(button);
  });

  const file = make(
    "input",
    { type: "file", accept: "image/*", class: "ex-hidden", id: "ex-file" },
  );
  const pick = make(
    "label",
    {
      class: "ex-button",
      htmlFor: file.id,
      textContent: "Open",
      title: "Open a picture of your own, or paste one",
    },
  );
  const message = make("p", { class: "ex-message", role: "status" });
  const read = (blob) => {
    if (!blob) return;
    message.textContent = "";
    readPicture(blob, app.network).then(app.load, (error) => (message.textContent = error.message));
  };
  file.addEventListener("change", () => {
    read(file.files[0]);
    file.value = ""; // so that the same file can be opened again
  });
  document.addEventListener("paste", (event) => {
    const item = [...event.clipboardData.items].find((one) => one.kind === "file");
    if (item) read(item.getAsFile());
  });

  const sliders = {
    right: makeSlider(
      "Shift right",
      { min: -8, max: 8, step: 1 },
      (right) => app.set({ change: { right } }),
    ),
    down: makeSlider(
      "Shift down",
      { min: -8, max: 8, step: 1 },
      (down) => app.set({ change: { down } }),
    ),
    turn: makeSlider(
      "Turn",
      { min: -180, max: 180, step: 5, unit: "°" },
      (turn) => app.set({ change: { turn } }),
    ),
    thick: makeSlider(
      "Thicken",
      { min: -1, max: 2, step: 0.25 },
      (thick) => app.set({ change: { thick } }),
    ),
  };
  const buttons = make(
    "div",
    { class: "ex-row" },
    makeButton("Clear", app.clear),
    makeButton("Undo", app.undo),
    file,
    pick,
    Object.assign(makeButton("Save", () => app.save()), { title: "Save the view as a PNG" }),
  );
  const change = make(
    "details",
    { class: "ex-change" },
    make("summary", { textContent: "Shift, turn, thicken" }),
  );
  change.append(...Object.values(sliders).map((slider) => slider.element));
  return {
    element: make("div", { class: "ex-tools" }, tool.element, buttons, message, samples, change),
    show(state, name) {
      tool.set(name);
      for (const [key, slider] of Object.entries(sliders)) slider.set(state.change[key]);
      if (Object.values(state.change).some(Boolean)) change.open = true;
    },
    say: (text) => (message.textContent = text),
  };
}

const TOO_LARGE = 30e6; // bytes; a photograph has a few million

/** Read a picture file as MNIST was made; rejects with a message for the reader. */
async function readPicture(blob, { size, levels }) {
  if (blob.size > TOO_LARGE) {
    throw new Error(
      `The file must be at most 30 MB; this one has ${Math.round(blob.size / 1e6)} MB. ` +
        "A smaller copy would work.",
    );
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    throw new Error(
      "The file must be a picture that the browser can show, such as a PNG or JPEG; " +
        "this one could not be read.",
    );
  }
  const scale = Math.min(1, 560 / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(
    1,
    Math.round(side * scale),
  ));
  const context = make("canvas", { width, height }).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const ink = inkOf(context.getImageData(0, 0, width, height).data, width, height);
  const shades = ink && frameInk(ink, width, height, size, levels);
  if (shades) return shades;
  throw new Error(
    "The picture must show something darker or lighter than its ground; this one looks blank.",
  );
}
