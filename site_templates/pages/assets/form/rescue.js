/* Where a device has no room for a draft, it goes into a file: the answers as text, and every file beside them. The page
   reads it back, on this device or another. */

import { attach, rowOf } from "./attaching.js";
import { begin } from "./drafts.js";
import { download } from "./saving.js";
import { archived, unpacked } from "./zip.js";

/** @import { Page } from "./page.js" */
/** @import { Plain } from "./protocol.js" */
/** @import { Begun, Values } from "./store.js" */
/** @import { Open } from "./keeping.js" */

/** Name of the answers within such a file, and the folder of the files beside them. */
const [ANSWERS, FOLDER] = ["draft.json", "files/"];

/** @typedef {{branch: string, year: number, form: string, id: string | null, values: Values, begun: Begun, origin: Values | null}} Saved */

/**
 * Save a draft as a file; what is not kept on the device comes from the page itself.
 * @param {Page} page
 * @param {Open} draft
 */
export async function savedAsFile(page, draft) {
  const { form, id, values, files, begun, origin } = draft;
  const { branch, year } = page;
  const text = JSON.stringify({ branch: branch.id, year, form, id, values, files, begun, origin }, null, 1);
  const entries = [{ path: ANSWERS, bytes: new TextEncoder().encode(`${text}\n`) }];
  for (const { name, blob } of await page.drafts.files(draft.draft)) {
    entries.push({ path: `${FOLDER}${name}`, bytes: new Uint8Array(await blob.arrayBuffer()) });
  }
  download(archived(entries), `${branch.id}-${year}-${draft.draft.slice(0, 8)}.zip`);
}

/**
 * Keep what such a file holds as a draft of its own; gives its name, and those of files that the program refuses.
 * Rejects with RangeError for any other file, one of another branch or year among them.
 * @param {Page} page
 * @param {Blob} file
 * @returns {Promise<{draft: string, refused: string[]}>}
 */
export async function readBack(page, file) {
  const entries = unpacked(new Uint8Array(await file.arrayBuffer()));
  const { form, id, values, begun, origin } = saved(page, entries.find(({ path }) => path === ANSWERS)?.bytes);
  await page.engine.there();
  const draft = begin({ form, id, values, origin, begun });
  await page.drafts.put(draft);
  const refused = [];
  for (const { path, bytes } of entries.filter((one) => one.path.startsWith(FOLDER))) {
    const name = path.slice(FOLDER.length);
    const row = rowOf(new File([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], name), new Set(draft.files));
    await attach(page, draft, row, new Set(draft.files));
    if (row.kept) draft.files.push(row.name);
    else refused.push(name);
  }
  await page.drafts.put(draft);
  return { draft: draft.draft, refused };
}

/**
 * The answers of such a file: no more than what a person can have typed is taken from it.
 * @param {Page} page
 * @param {Uint8Array | undefined} bytes
 * @returns {Saved}
 */
function saved(page, bytes) {
  /** @type {any} */
  let found = null;
  try {
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    found = null;
  }
  const { branch, year, form, id, values, begun, origin } = Object(found);
  if (branch !== page.branch.id || year !== page.year || typeof form !== "string") throw new RangeError("another draft");
  const { day, data } = Object(begun);
  return {
    branch,
    year,
    form,
    id: typeof id === "string" ? id : null,
    values: answers(values),
    begun: typeof day === "string" && typeof data === "string" ? { day, data } : page.data,
    origin: origin ? answers(origin) : null,
  };
}

/** @param {unknown} values @returns {Values} */
function answers(values) {
  return Object.fromEntries(Object.entries(Object(values)).filter(([, value]) => isPlain(value)));
}

/** @param {unknown} value @returns {value is Plain} */
function isPlain(value) {
  const text = (/** @type {unknown} */ one) => typeof one === "string";
  return value === null || text(value) || (typeof value === "object" && Object.values(value).every(text));
}
