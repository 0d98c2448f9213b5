/* Where a device has no room for a draft, it goes into a file: the answers as text, and every file beside them. */

import { download } from "./saving.js";
import { archived } from "./zip.js";

/** @import { Page } from "./page.js" */
/** @import { Draft } from "./protocol.js" */

/** Name of the answers within such a file. */
const ANSWERS = "draft.json";

/**
 * Save a draft as a file; what is not kept on the device comes from the page itself.
 * @param {Page} page
 * @param {Draft} draft
 */
export async function savedAsFile(page, draft) {
  const { form, id, values, files } = draft;
  const { branch, year } = page;
  const text = JSON.stringify({ branch: branch.id, year, form, id, values, files }, null, 1);
  const entries = [{ path: ANSWERS, bytes: new TextEncoder().encode(`${text}\n`) }];
  for (const { name, blob } of await page.drafts.files(draft.draft)) {
    entries.push({ path: `files/${name}`, bytes: new Uint8Array(await blob.arrayBuffer()) });
  }
  download(archived(entries), `${branch.id}-${year}-${draft.draft.slice(0, 8)}.zip`);
}
