/* When the program is asked: a moment after the last change, one question at a time, the last answer counts. */

/** @import { Page } from "./page.js" */
/** @import { Checked, Draft } from "./protocol.js" */

/** Milliseconds without a change after which it is asked. */
const PAUSE = 350;

/**
 * A draft as the program takes it.
 * @param {Draft} draft
 * @returns {Draft}
 */
export const bare = ({ draft, form, id, values, files }) => ({ draft, form, id, values, files });

/**
 * All drafts of the branch, with one as it is on the screen.
 * @param {Page} page
 * @param {Draft | null} [own]
 * @returns {Promise<Draft[]>}
 */
export async function drafts(page, own = null) {
  const kept = /** @type {Draft[]} */ (await page.drafts.list()).map(bare);
  if (!own) return kept;
  const there = kept.some(({ draft }) => draft === own.draft);
  const all = there ? kept.map((one) => (one.draft === own.draft ? bare(own) : one)) : [...kept, bare(own)];
  return all;
}

/**
 * @param {Page} page
 * @param {() => Draft} current the draft on the screen
 * @param {{busy: () => void, shown: (checked: Checked, own: Draft) => void, failed: (fault: Error) => void}} told
 */
export function checker(page, current, told) {
  let timer = 0;
  let running = false;
  let again = false;
  let closed = false;
  const run = async () => {
    window.clearTimeout(timer);
    if (closed || page.engine.state !== "ready") return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    told.busy();
    try {
      const own = structuredClone(bare(current()));
      const checked = await page.engine.call("check", { drafts: await drafts(page, own), current: own.draft });
      if (!closed && !again) told.shown(checked, own);
    } catch (fault) {
      if (!closed && !again) told.failed(/** @type {Error} */ (fault));
    }
    running = false;
    if (again) {
      again = false;
      await run();
    }
  };
  return {
    now: run,
    soon: () => {
      if (page.engine.state === "ready") told.busy();
      window.clearTimeout(timer);
      timer = window.setTimeout(run, PAUSE);
    },
    close: () => {
      closed = true;
      window.clearTimeout(timer);
    },
  };
}
