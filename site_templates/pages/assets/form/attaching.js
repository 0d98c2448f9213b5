/* One file after the other: a photo is made smaller, the program looks at it and takes off what it says of people and places,
   and only then is it kept. What is refused is kept nowhere. */

import { told } from "./faults.js";
import { UndrawableError, pictureKind, shrunk } from "./photos.js";
import { say, size } from "./words.js";

/** @import { Page } from "./page.js" */
/** @import { Attached, Draft, Told } from "./protocol.js" */
/** @import { KeptFile } from "./store.js" */

/**
 * A file of the list. `state`: it waits for the program, is being worked on, is kept (or has no room, and stands in this tab
 * alone), lies in the repository, was refused (`words` say why), or was taken away. `file` is what was picked, until it is
 * kept; `was` is the question that one answered which was taken away.
 * @typedef {{state: "waiting" | "working" | "kept" | "unkept" | "there" | "refused" | "gone", name: string, before: number,
 *   file: File | null, kept: KeptFile | null, findings: Told[], words: string, was?: string}} Row
 */

/** A file is not taken; the message is for the person. */
export class RefusedError extends Error {}

/**
 * A row for a file that was picked or dropped; `taken` are names that others have.
 * @param {File} file
 * @param {Set<string>} taken
 * @returns {Row}
 */
export function rowOf(file, taken) {
  return { state: "waiting", name: freeName(file.name.normalize("NFC"), taken), before: file.size, file, kept: null, findings: [], words: "" };
}

/**
 * A name that no other file has: a camera calls every picture the same.
 * @param {string} name
 * @param {Set<string>} taken
 */
export function freeName(name, taken) {
  const [, stem, ending] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? ["", name, ""];
  let found = name;
  for (let number = 2; taken.has(found); number += 1) found = `${stem}-${number}${ending ?? ""}`;
  return found;
}

/**
 * Look at the file of a row, and keep it. Where the program is not there yet a photo is drawn anew, so that it can be kept at
 * once, and anything else stays waiting. The row says how it ended.
 * @param {Page} page
 * @param {Draft} draft
 * @param {Row} row
 * @param {Set<string>} taken
 */
export async function attach(page, draft, row, taken) {
  const { file } = row;
  if (!file) return;
  const ready = page.engine.state === "ready";
  try {
    const kind = await pictureKind(file);
    allowed(page, file, kind);
    if (!ready && !kind) return;
    row.state = "working";
    const picture = kind ? await shrunk(renamed(file, row.name), kind, ready) : null;
    if (picture && picture.name !== row.name) row.name = freeName(picture.name, taken);
    const blob = picture?.blob ?? file;
    const off = picture?.tagged && picture.redrawn ? [say(page.words.files, "drawn")] : [];
    row.kept = keptFile(draft.draft, row, blob, picture?.thumb ?? null, off);
    if (ready) await look(page, draft, row);
  } catch (error) {
    refuse(page, row, error);
  }
  if (row.state === "working") await keep(page, row);
}

/**
 * Let the program look at the bytes of a row: what they are, what speaks against them, and a copy without metadata.
 * @param {Page} page
 * @param {Draft} own
 * @param {Row} row
 */
export async function look(page, { draft, form, id }, row) {
  const { kept } = row;
  if (!kept) return;
  const { name } = kept;
  const bytes = new Uint8Array(await kept.blob.arrayBuffer());
  /** @type {Attached} */
  const found = await page.engine.call("attach", { draft, name, form, id }, bytes);
  row.findings = found.findings;
  if (!found.kept) throw new RefusedError();
  const blob = found.bytes ? new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (found.bytes)]) : kept.blob;
  const cleaned = kept.cleaned.length ? kept.cleaned : found.cleaned;
  row.kept = { ...kept, draft, blob, size: blob.size, kind: found.kind, key: kept.key || found.key, cleaned };
}

/**
 * Keep a row on the device; where there is no room it stays in this tab, and says so.
 * @param {Page} page
 * @param {Row} row
 */
export async function keep(page, row) {
  if (!row.kept) return;
  row.name = row.kept.name;
  row.file = null;
  try {
    await page.drafts.putFile(row.kept);
    row.state = "kept";
    row.words = "";
  } catch {
    row.state = "unkept";
    row.words = say(page.words.files, "no_room");
    page.tell(row.words, true);
  }
}

/**
 * @param {Page} page
 * @param {Row} row
 * @param {unknown} error
 */
function refuse(page, row, error) {
  row.state = "refused";
  row.kept = null;
  row.file = null;
  const words = page.words.files;
  if (error instanceof UndrawableError) row.words = say(words, error.kind === "heic" ? "heic" : "unreadable");
  else if (error instanceof RefusedError) row.words = error.message || say(words, "refused");
  else row.words = told(error, say(words, "unread"));
}

/**
 * Refuse what is too large to be read at all: a film would fill the memory of a phone.
 * @param {Page} page
 * @param {File} file
 * @param {string} kind
 */
function allowed(page, file, kind) {
  const { most, photo } = page.config.files;
  const limit = kind ? photo : most;
  if (file.size > limit) {
    throw new RefusedError(say(page.words.files, "too_large", { size: size(file.size), limit: size(limit) }));
  }
}

/**
 * @param {File} file
 * @param {string} name
 */
function renamed(file, name) {
  return file.name === name ? file : new File([file], name, { type: file.type });
}

/**
 * @param {string} draft
 * @param {Row} row
 * @param {Blob} blob
 * @param {Blob | null} thumb
 * @param {string[]} cleaned
 * @returns {KeptFile}
 */
function keptFile(draft, row, blob, thumb, cleaned) {
  const { name, before } = row;
  return { draft, name, size: blob.size, before, kind: "", key: "", cleaned, blob, thumb, whole: false };
}
