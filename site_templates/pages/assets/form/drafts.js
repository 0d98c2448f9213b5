/* Drafts of one branch and year: kept on this device as they are typed, attachments included, and told between tabs.

   Nothing is written over unseen: a tab that types into a draft holds its lock, another one is told so, and what was
   saved by somebody else in the meantime is never replaced. */

import { told } from "./faults.js";
import { forget, recall } from "./lastwords.js";
import { openPlace } from "./store.js";

/** @import { Draft } from "./protocol.js" */
/** @import { Page } from "./page.js" */
/** @import { Begun, KeptFile, Place, Values } from "./store.js" */

/** How long another tab has to save and let go, in milliseconds; one that sleeps never answers. */
const PATIENCE = 2000;

/**
 * What tabs tell each other.
 * @typedef {{type: "saved" | "removed" | "ask", draft: string}} Told
 */

/**
 * Open the drafts of a branch and year. `root` is the address of the site's first page: several sites may share an origin.
 * @param {{root: string, branch: string, year: number}} where
 * @returns {Promise<Drafts>}
 */
export async function openDrafts({ root, branch, year }) {
  const name = `${new URL(".", root).pathname}.ap-drafts`;
  /** @type {(what: "newer" | "waiting") => void} */
  let version = () => {};
  const { place, why } = await openPlace(name, branch, year, (what) => version(what));
  const drafts = new Drafts({ place, why, name, branch, year });
  version = (what) => drafts.dispatchEvent(new CustomEvent("version", { detail: what }));
  if (place.lasting) await recall(drafts, uuid);
  return drafts;
}

/**
 * A new draft. `origin` holds the answers of the record that it changes, as the program gave them.
 * @param {{form: string, id: string | null, values: Values, origin?: Values | null, begun: Begun}} what
 * @returns {Draft & {begun: Begun, origin: Values | null}}
 */
export function begin({ form, id, values, origin = null, begun }) {
  return { draft: uuid(), form, id, values, files: [], begun, origin };
}

/** @param {{draft: string, name: string}} file */
function keyOf({ draft, name }) {
  return JSON.stringify([draft, name]);
}

/** A fresh name for a draft; `randomUUID` is there in safe contexts alone. */
export function uuid() {
  if (window.crypto.randomUUID) return window.crypto.randomUUID();
  const bytes = [...window.crypto.getRandomValues(new Uint8Array(16))];
  const text = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * Events: "change" ({draft, elsewhere}) where a draft was saved or removed; "ask" ({draft}) where another tab wants to go on
 * with a draft that this one holds; "version" where another version of the page is open.
 */
export class Drafts extends EventTarget {
  /** @param {{place: Place, why: "" | "newer" | "none", name: string, branch: string, year: number}} means */
  constructor({ place, why, name, branch, year }) {
    super();
    this.place = place;
    /** Why drafts do not outlive this tab: "newer", "none", or "" where they do. */
    this.why = why;
    this.name = name;
    this.branch = branch;
    this.year = year;
    /** @type {Map<string, number>} */
    this.known = new Map();
    /** @type {Map<string, () => void>} */
    this.held = new Map();
    /** Files for which there was no room, by draft and name: they live as long as this tab. @type {Map<string, KeptFile>} */
    this.unkept = new Map();
    this.asked = false;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
  }

  /** Whether drafts outlive this tab. */
  get lasting() {
    return this.place.lasting;
  }

  /** All drafts, the last saved one first. */
  async list() {
    const found = await this.place.all();
    return found.sort((one, other) => (one.saved < other.saved ? 1 : -1));
  }

  /**
   * A draft to go on with: what is saved from now on takes the place of what this gives.
   * @param {string} draft
   */
  async get(draft) {
    const found = await this.place.read(draft);
    if (found) this.known.set(draft, found.rev);
    return found;
  }

  /**
   * Save a draft. Rejects with an error named "Stale" where somebody else saved it or threw it away, "QuotaExceededError" where
   * the device has no room.
   * @param {Draft & {begun: Begun, origin: Values | null}} draft
   */
  async put(draft) {
    const known = this.known.get(draft.draft) ?? 0;
    const { branch, year } = this;
    const record = { ...draft, branch, year, saved: new Date().toISOString(), rev: known + 1 };
    await this.place.write(structuredClone(record), known);
    this.known.set(draft.draft, record.rev);
    forget(this, draft.draft);
    for (const file of this.unkept.values()) await this.putFile(file).catch(() => {});
    this.tell("saved", draft.draft);
    return record;
  }

  /**
   * Throw a draft away, with its files; what is returned brings it back.
   * @param {string} draft
   * @returns {Promise<() => Promise<void>>}
   */
  async remove(draft) {
    const record = await this.place.read(draft);
    const files = await this.allFiles(draft);
    await this.place.drop(draft);
    for (const file of files) this.unkept.delete(keyOf(file));
    this.known.delete(draft);
    forget(this, draft);
    this.tell("removed", draft);
    return async () => {
      if (!record) return;
      await this.put(record);
      for (const file of files) await this.putFile(file);
    };
  }

  /**
   * Files that are attached to a draft.
   * @param {string} draft
   */
  async files(draft) {
    return (await this.allFiles(draft)).filter(({ whole }) => !whole);
  }

  /** @param {string} draft */
  async allFiles(draft) {
    const unkept = [...this.unkept.values()].filter((file) => file.draft === draft);
    const kept = (await this.place.files(draft)).filter((file) => !this.unkept.has(keyOf(file)));
    return [...kept, ...unkept];
  }

  /**
   * Keep a file, in the place of one of the same name. Where that fails it stays in this tab, and is tried again when the draft
   * is saved; rejects all the same.
   * @param {KeptFile} file
   */
  async putFile(file) {
    this.unkept.set(keyOf(file), file);
    await this.place.putFile(file);
    this.unkept.delete(keyOf(file));
    this.ask();
  }

  /**
   * @param {string} draft
   * @param {string} name
   */
  async dropFile(draft, name) {
    this.unkept.delete(keyOf({ draft, name }));
    await this.place.dropFile(draft, name);
  }

  /** Ask the browser, once and where there are files to lose, not to clear what is kept when it wants room. */
  ask() {
    if (this.asked || !this.lasting) return;
    this.asked = true;
    window.navigator.storage?.persist?.().catch(() => false);
  }

  /**
   * Give kept files to the program again, one after the other: those of all drafts, or of one; returns what it refuses now.
   * @param {Page["engine"]} engine
   * @param {string} [only]
   * @returns {Promise<{draft: string, name: string, words: string}[]>}
   */
  async restore(engine, only) {
    const refused = [];
    const drafts = (await this.list()).filter(({ draft }) => only === undefined || draft === only);
    for (const { draft, form, id } of drafts) {
      for (const { name, blob, whole } of await this.allFiles(draft)) {
        try {
          const bytes = new Uint8Array(await blob.arrayBuffer());
          if (whole) await engine.call("whole", { path: name }, bytes);
          else {
            const { kept, findings } = await engine.call("attach", { draft, name, form, id }, bytes);
            if (!kept) refused.push({ draft, name, words: findings.map(({ text }) => text).join(" ") });
          }
        } catch (error) {
          refused.push({ draft, name, words: told(error, name) });
        }
      }
    }
    return refused;
  }

  /**
   * Hold a draft while it is typed into: "mine", or "elsewhere" where another tab does.
   * @param {string} draft
   * @returns {Promise<"mine" | "elsewhere">}
   */
  async hold(draft) {
    return (await this.lock(draft, { ifAvailable: true })) ? "mine" : "elsewhere";
  }

  /**
   * Go on with a draft here: the other tab saves and lets go, or is overruled where it sleeps. Gives the newest state.
   * @param {string} draft
   */
  async take(draft) {
    this.channel?.postMessage({ type: "ask", draft });
    const given = await this.lock(draft, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => false);
    if (!given) await this.lock(draft, { steal: true });
    return this.get(draft);
  }

  /**
   * Let a draft go, so that another tab may go on with it.
   * @param {string} draft
   */
  release(draft) {
    this.held.get(draft)?.();
    this.held.delete(draft);
  }

  /**
   * @param {string} draft
   * @param {LockOptions} options
   * @returns {Promise<boolean>}
   */
  lock(draft, options) {
    if (this.held.has(draft) || !window.navigator.locks) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const keeping = (/** @type {Lock | null} */ lock) => {
        if (!lock) return resolve(false);
        return new Promise((release) => {
          this.held.set(draft, () => release(undefined));
          resolve(true);
        });
      };
      window.navigator.locks.request(`${this.name}/${draft}`, options, keeping).catch((error) => {
        reject(error);
        if (this.held.delete(draft)) this.dispatchEvent(new CustomEvent("taken", { detail: { draft } }));
      });
    });
  }

  /**
   * @param {"saved" | "removed"} type
   * @param {string} draft
   */
  tell(type, draft) {
    this.channel?.postMessage({ type, draft });
    this.dispatchEvent(new CustomEvent("change", { detail: { draft, elsewhere: false } }));
  }

  /** @param {Told} told */
  hear({ type, draft }) {
    if (type !== "ask") {
      this.dispatchEvent(new CustomEvent("change", { detail: { draft, elsewhere: true } }));
    } else if (this.held.has(draft)) {
      this.dispatchEvent(new CustomEvent("ask", { detail: { draft } }));
    }
  }

  /** Let everything go. */
  close() {
    for (const draft of [...this.held.keys()]) this.release(draft);
    this.channel?.close();
  }
}
