// Shades of ink, two to a byte: as they lie in the file of the network, and in an address.

export const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The `count` shades of a drawing, from two to a byte. */
export function unpackShades(bytes, count) {
  const shades = new Uint8Array(count);
  for (let i = 0; i < count; i++) shades[i] = i % 2 ? bytes[i >> 1] & 15 : bytes[i >> 1] >> 4;
  return shades;
}

/** Shades as letters of an address: two to a byte, in base64 without `+`, `/` and `=`. */
export function packShades(shades) {
  const bytes = [];
  for (let i = 0; i < shades.length; i += 2) bytes.push(shades[i] * 16 + shades[i + 1]);
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
