"use strict";
// What stands below the pad: tools, sample digits, a picture of one's own, and the sliders.

function makeTools(app) {
  const tools = { draw: "Pen", erase: "Eraser", cover: "Grey square" };
  const tool = makeChoice("Tool", "tool", tools, "draw", app.setTool);
  const message = make("p", { class: "ex-message", role: "status" });
  const say = (text) => (message.textContent = text);
  const save = makeButton("Save", app.save);
  save.title = "Save the view as a PNG";
  const buttons = [makeButton("Clear", app.clear), makeButton("Undo", app.undo)];
  const row = make("div", { class: "ex-row" }, ...buttons, ...makeOpener(app, say), save);
  const sliders = makeSliders(app);
  const change = make(
    "details",
    { class: "ex-change" },
    make("summary", { textContent: "Shift, turn, thicken" }),
    ...Object.values(sliders).map((slider) => slider.element),
  );
  const parts = [tool.element, row, message, makeSamples(app), change];
  return {
    element: make("div", { class: "ex-tools" }, ...parts),
    show(state, name) {
      tool.set(name);
      for (const [key, slider] of Object.entries(sliders)) slider.set(state.change[key]);
      if (Object.values(state.change).some(Boolean)) change.open = true;
    },
    say,
  };
}

/** A button for each sample digit. */
function makeSamples(app) {
  const { digits, classes, size, levels } = app.network;
  const buttons = digits.map((shades, digit) => {
    const screen = makeScreen(size, size);
    paint(screen, shades, 0, [0, levels], TABLES.grey);
    const aria = { label: `Sample digit ${classes[digit]}` };
    const button = make("button", { type: "button", aria }, screen.canvas);
    button.addEventListener("click", () => app.load(shades));
    return button;
  });
  const properties = { class: "ex-samples", role: "group", aria: { label: "Sample digits" } };
  return make("div", properties, ...buttons);
}

/** What opens a picture of one's own: a file's name, or one that is pasted. */
function makeOpener(app, say) {
  const read = (blob) => {
    if (!blob) return;
    say("");
    readPicture(blob, app.network).then(app.load, (error) => say(error.message));
  };
  const properties = { type: "file", accept: "image/*", class: "ex-hidden", id: "ex-file" };
  const file = make("input", properties);
  const label = make("label", { class: "ex-button", htmlFor: file.id, textContent: "Open" });
  label.title = "Open a picture of your own, or paste one";
  file.addEventListener("change", () => {
    read(file.files[0]);
    file.value = ""; // so that the same file can be opened again
  });
  document.addEventListener("paste", (event) => {
    const item = [...event.clipboardData.items].find((one) => one.kind === "file");
    if (item) read(item.getAsFile());
  });
  return [file, label];
}

/** Sliders that shift, turn and thicken the drawing. */
function makeSliders(app) {
  const slider = (key, text, how) => {
    const [min, max] = CHANGES[key];
    return makeSlider(text, { min, max, ...how }, (value) => app.set({ change: { [key]: value } }));
  };
  return {
    right: slider("right", "Shift right"),
    down: slider("down", "Shift down"),
    turn: slider("turn", "Turn", { step: 5, unit: "°" }),
    thick: slider("thick", "Thicken", { step: 0.25 }),
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
  const shrink = (side) => Math.max(1, Math.round(side * scale));
  const [width, height] = [shrink(bitmap.width), shrink(bitmap.height)];
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
