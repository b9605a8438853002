// An image of the reader's own, opened or pasted.

import { make } from "./controls/elements.js";
import { frameInk, inkOf } from "./ink.js";

const TOO_LARGE = 30e6; // bytes; a photograph has a few million

/** What opens an image of one's own: a file's name, or one that is pasted. */
export function makeOpener(app, say) {
  const read = (blob) => {
    if (!blob) return;
    say("");
    readImage(blob, app.network).then(app.load, (error) => say(error.message));
  };
  const properties = { type: "file", accept: "image/*", class: "ex-hidden", id: "ex-file" };
  const file = make("input", properties);
  const label = make("label", { class: "ex-button", htmlFor: file.id, textContent: "Open" });
  label.title = "Open an image of your own, or paste one";
  file.addEventListener("change", () => {
    read(file.files[0]);
    file.value = ""; // so that the same file can be opened again
  });
  document.addEventListener("paste", (event) => {
    const item = [...(event.clipboardData?.items ?? [])].find((one) => one.kind === "file");
    if (item) read(item.getAsFile());
  });
  return [file, label];
}

/** Read an image file as MNIST was made; rejects with a message for the reader. */
async function readImage(blob, { size, levels }) {
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
      "The file must be an image that the browser can show, such as a PNG or JPEG; " +
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
    "The image must show something darker or lighter than its ground; this one looks blank.",
  );
}
