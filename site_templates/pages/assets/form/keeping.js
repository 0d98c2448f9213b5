/* A draft is saved while it is typed. The line that says so tells, too, what is the matter where it cannot be: no room,
   another tab, another version; what was typed stays in the page with a way out. */

import { button, fill, make } from "./dom.js";
import { uuid } from "./drafts.js";
import { note } from "./lastwords.js";
import { savedAsFile } from "./rescue.js";
import { offerUndo } from "./undo.js";
import { say } from "./words.js";

/** @import { Page } from "./page.js" */
/** @import { Draft } from "./protocol.js" */
/** @import { Begun, Values } from "./store.js" */

/** At most so long, in milliseconds, does what was typed wait for being saved. */
const WAIT = 300;

/** @typedef {Draft & {begun: Begun, origin: Values | null}} Open */

/**
 * What the view of a record gives. `current` is the draft as it stands in the fields; `replace` puts another state there;
 * `locked` makes the fields still, or lets them be typed into again; `gone` leaves the view of a draft that was thrown away.
 * @typedef {{draft: Open, current: () => Open, replace: (draft: Open) => void, locked: (still: boolean) => void, gone: () => void}} Keeping
 */

/**
 * Keep a draft while its view is open. Call `typed` at every change, `close` when the view goes.
 * @param {Page} page
 * @param {Keeping} keeping
 */
export function keep(page, keeping) {
  return new Keeper(page, keeping);
}

class Keeper {
  /**
   * @param {Page} page
   * @param {Keeping} keeping
   */
  constructor(page, keeping) {
    this.page = page;
    this.keeping = keeping;
    this.words = page.words.drafts;
    this.draft = keeping.draft.draft;
    /** Counts changes, and those of them that are saved. */
    this.changes = 0;
    this.kept = 0;
    this.saved = /** @type {{saved?: string}} */ (keeping.draft).saved;
    this.still = false;
    this.ended = false;
    /** What cannot be saved, and why: the name of an error, or "". */
    this.trouble = "";
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {Promise<void>} */
    this.saving = Promise.resolve();
    this.line = make("span", {});
    this.discard = button(say(this.words, "discard"), () => this.ask(), { class: "ap-f-link" });
    this.notice = make("div", {});
    this.question = make("div", {});
    this.element = make(
      "div",
      { class: "ap-f-kept" },
      make("p", {}, this.line, " ", this.discard),
      this.notice,
      this.question,
    );
    this.listening = new AbortController();
    this.listen();
    this.show();
    this.begin();
  }

  listen() {
    const { signal } = this.listening;
    const flush = () => {
      if (this.dirty && !this.still) note(this.page.drafts, this.keeping.current());
      void this.flush();
    };
    document.addEventListener("visibilitychange", () => document.hidden && flush(), { signal });
    window.addEventListener("pagehide", flush, { signal });
    window.addEventListener("beforeunload", (event) => this.atRisk && event.preventDefault(), { signal });
    const { drafts } = this.page;
    drafts.addEventListener("ask", (/** @type {Event} */ event) => this.own(event) && this.give(), { signal });
    drafts.addEventListener("taken", (/** @type {Event} */ event) => this.own(event) && this.elsewhere("given"), { signal });
    drafts.addEventListener("version", () => this.show(), { signal });
  }

  /** @param {Event} event */
  own(event) {
    return /** @type {CustomEvent} */ (event).detail.draft === this.draft;
  }

  /** Whether something was typed that is not saved yet, be it on its way. */
  get dirty() {
    return this.kept < this.changes;
  }

  /** Whether something typed is not kept anywhere but in this page. */
  get atRisk() {
    const { lasting, unkept } = this.page.drafts;
    return unkept.size > 0 || (lasting ? this.dirty && this.trouble !== "" : this.changes > 0);
  }

  /** Hold the draft, or say that another tab does. */
  async begin() {
    if ((await this.page.drafts.hold(this.draft)) === "elsewhere" && !this.ended) this.elsewhere("elsewhere");
  }

  /** Something was typed: save it soon. */
  typed() {
    this.changes += 1;
    if (this.still || this.ended || this.timer !== undefined) return;
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, WAIT);
  }

  /** Save what was typed; never rejects, what is the matter is told. */
  flush() {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    if (this.dirty && !this.still && !this.ended) {
      const [state, upto] = [structuredClone(this.keeping.current()), this.changes];
      this.saving = this.saving.then(() => (this.kept < upto ? this.save(state, upto) : undefined));
    }
    return this.saving;
  }

  /**
   * @param {Open} state
   * @param {number} upto how many changes are in it
   */
  async save(state, upto) {
    const { drafts, data } = this.page;
    try {
      if (!state.begun.data) this.keeping.current().begun = state.begun = data;
      const { saved } = await drafts.put(state);
      this.kept = upto;
      this.trouble = "";
      this.show(saved);
    } catch (error) {
      const before = this.trouble;
      this.trouble = error instanceof Error || error instanceof DOMException ? error.name : "";
      this.show();
      if (this.trouble !== before) this.page.tell(this.said(), true);
    }
  }

  /** What the trouble is, in words. */
  said() {
    const key = { QuotaExceededError: "full", Stale: "stale" }[this.trouble] ?? "unsaved";
    return say(this.words, key, { why: this.trouble });
  }

  /** @param {string} [saved] the moment of the last save */
  show(saved) {
    const { drafts } = this.page;
    this.saved = saved ?? this.saved;
    const time = this.saved && new Date(this.saved).toTimeString().slice(0, 5);
    const state = drafts.lasting ? (time ? "saved" : "empty") : drafts.why === "newer" ? "newer" : "memory";
    fill(this.line, this.trouble ? "" : say(this.words, state, { time: time ?? "" }));
    if (this.still) return;
    if (this.trouble === "Stale") this.showStale();
    else if (this.trouble) this.alert(this.said(), button(say(this.words, "rescue"), () => this.rescue()));
    else fill(this.notice);
  }

  /**
   * @param {string} text
   * @param {...Node} ways
   */
  alert(text, ...ways) {
    const look = `ap-f-alert${this.trouble ? " ap-f-urgent" : ""}`;
    fill(this.notice, make("div", { class: look, role: "alert" }, make("p", {}, text), make("p", { class: "ap-f-ways" }, ...ways)));
  }

  /** Somebody else saved it, or threw it away: neither of both is lost. */
  showStale() {
    this.alert(
      this.said(),
      button(say(this.words, "copy"), () => this.copy()),
      button(say(this.words, "theirs"), () => this.again()),
    );
  }

  /** Keep what stands here as a draft of its own, files included. */
  async copy() {
    const state = this.keeping.current();
    const files = await this.page.drafts.files(this.draft);
    this.page.drafts.release(this.draft);
    this.draft = uuid();
    for (const file of files) await this.page.drafts.putFile({ ...file, draft: this.draft }).catch(() => {});
    this.trouble = "";
    this.keeping.replace({ ...state, draft: this.draft });
    await this.begin();
    this.changes += 1;
    await this.flush();
    await this.page.drafts.restore(this.page.engine, this.draft).catch(() => []);
  }

  /** Take what the other tab saved; where it threw the draft away, there is nothing to go on with. */
  async again() {
    const newest = await this.page.drafts.get(this.draft);
    this.trouble = "";
    this.kept = this.changes;
    this.still = false;
    if (!newest) {
      this.end();
      this.keeping.gone();
      return;
    }
    this.keeping.locked(false);
    this.keeping.replace(newest);
    this.show(newest.saved);
  }

  /**
   * Another tab has the draft: nothing is typed here until the person says so.
   * @param {"elsewhere" | "given"} why
   */
  elsewhere(why) {
    this.still = true;
    this.keeping.locked(true);
    const take = button(say(this.words, "take"), () => this.take());
    this.alert(say(this.words, why), take);
  }

  async take() {
    await this.page.drafts.take(this.draft);
    await this.again();
  }

  /** Another tab goes on with the draft: save what was typed here, then let go. */
  async give() {
    await this.flush();
    if (this.trouble) return;
    this.page.drafts.release(this.draft);
    this.elsewhere("given");
  }

  /** No room: what stands here goes into a file that can be kept, or sent. */
  async rescue() {
    await savedAsFile(this.page, this.keeping.current());
    this.page.tell(say(this.words, "rescued"));
  }

  /** Ask whether the draft is to be thrown away. */
  ask() {
    const { files } = this.keeping.current();
    const question = say(this.words, files.length ? "ask_files" : "ask", { n: files.length });
    const stay = button(say(this.words, "stay"), () => {
      fill(this.question);
      this.discard.focus();
    });
    const away = button(say(this.words, "throw"), () => void this.remove());
    fill(this.question, make("div", { class: "ap-f-alert", role: "alertdialog", "aria-label": question }, make("p", {}, question), make("p", { class: "ap-f-ways" }, away, stay)));
    stay.focus();
  }

  async remove() {
    await this.saving;
    this.end();
    const { drafts, words } = this.page;
    const back = await drafts.remove(this.draft);
    this.page.drafts.release(this.draft);
    this.keeping.gone();
    offerUndo(this.page, say(words.drafts, "thrown"), async () => {
      await back();
      await drafts.restore(this.page.engine, this.draft).catch(() => []);
    });
  }

  end() {
    this.ended = true;
    window.clearTimeout(this.timer);
    this.listening.abort();
  }

  /** The view goes: save what was typed, and let other tabs have the draft. */
  async close() {
    await this.flush();
    this.end();
    this.page.drafts.release(this.draft);
  }
}
