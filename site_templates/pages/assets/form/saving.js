/* Files handed to the person: as a download, or written into a folder that they choose. */

import { make } from "./dom.js";

/** @import { Entry } from "./zip.js" */

/** A browser needs the address of a download for a while after the click, in milliseconds. */
const HELD = 60_000;

/**
 * Let the browser save a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), HELD);
}

/** Whether files can be written into a folder that the person chooses. */
export function canWriteFolder() {
  return "showDirectoryPicker" in window;
}

/**
 * Write files into a folder below the one that the person chooses, folders of their paths included. Rejects with
 * "AbortError" where nothing was chosen.
 * @param {string} folder
 * @param {Entry[]} entries
 */
export async function writeFolder(folder, entries) {
  const chosen = await /** @type {any} */ (window).showDirectoryPicker({ mode: "readwrite" });
  const root = await chosen.getDirectoryHandle(folder, { create: true });
  for (const { path, bytes } of entries) {
    const names = path.split("/");
    const name = names.pop() ?? "";
    let at = root;
    for (const below of names) at = await at.getDirectoryHandle(below, { create: true });
    const stream = await (await at.getFileHandle(name, { create: true })).createWritable();
    await stream.write(bytes);
    await stream.close();
  }
}
