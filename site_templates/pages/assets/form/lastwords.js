/* What is typed in the moment in which a tab closes: a database may not come to it any more, a note that is written at once does.
   It is read when the page is opened next, and put into the draft that it belongs to. */

/** @import { Drafts } from "./drafts.js" */
/** @import { Draft } from "./protocol.js" */
/** @import { Begun, Values } from "./store.js" */

/** @typedef {{known: number, state: Draft & {begun: Begun, origin: Values | null}}} Note */

/**
 * @param {Drafts} drafts
 * @param {string} draft
 */
const keyOf = ({ name, branch, year }, draft) => `${name}/${branch}/${year}/${draft}`;

/**
 * Note how a draft stands; a browser that keeps nothing has none.
 * @param {Drafts} drafts
 * @param {Note["state"]} state
 */
export function note(drafts, state) {
  try {
    const known = drafts.known.get(state.draft) ?? 0;
    window.localStorage.setItem(keyOf(drafts, state.draft), JSON.stringify({ known, state }));
  } catch {
    /* No room, or not allowed: the draft is saved the other way, or the page has said that it is not. */
  }
}

/**
 * The note is not needed any more.
 * @param {Drafts} drafts
 * @param {string} draft
 */
export function forget(drafts, draft) {
  try {
    window.localStorage.removeItem(keyOf(drafts, draft));
  } catch {
    /* There is none. */
  }
}

/**
 * Put notes into their drafts. Where somebody saved a draft since, what was noted becomes a draft of its own; unless the database
 * had come to it all the same, and what was noted is what is saved.
 * @param {Drafts} drafts
 * @param {() => string} fresh a new name for a draft
 */
export async function recall(drafts, fresh) {
  for (const { known, state } of notes(drafts)) {
    const { draft } = state;
    if ((await drafts.hold(draft)) === "elsewhere") continue;
    const now = await drafts.get(draft);
    const same = (now?.rev ?? 0) === known;
    const saved = JSON.stringify(now?.values) === JSON.stringify(state.values);
    if (!saved) await drafts.put(same ? state : { ...state, draft: fresh(), files: [] }).catch(() => {});
    drafts.release(draft);
    forget(drafts, draft);
  }
}

/**
 * @param {Drafts} drafts
 * @returns {Note[]}
 */
function notes(drafts) {
  try {
    const lead = keyOf(drafts, "");
    const keys = Object.keys(window.localStorage).filter((key) => key.startsWith(lead));
    return keys.map((key) => JSON.parse(window.localStorage.getItem(key) ?? "null")).filter((one) => one?.state?.draft);
  } catch {
    return [];
  }
}
