/* The files of a record: from the camera or the disk, several at once, or dropped here; what each is, how large it was and is,
   what was taken off, and the way to take it away again. */

import { attach, keep, look, rowOf } from "./attaching.js";
import { button, fill, fresh, make } from "./dom.js";
import { told } from "./faults.js";
import { named, place, placeOf, places, propose } from "./placing.js";
import { say, size } from "./words.js";

/** @import { Row } from "./attaching.js" */
/** @import { Page } from "./page.js" */
/** @import { Draft, Finding, Plain, Question } from "./protocol.js" */

/**
 * What the view of a record gives: its draft, whose files and values the panel changes and then calls `changed`; `value` gives
 * an answer, also one that only lies in the branch's files.
 * @typedef {{draft: Draft, questions: Question[], title: string, value: (key: string) => Plain | undefined, changed: () => void}} Given
 */

/**
 * @param {Page} page
 * @param {Given} given
 */
export function filesPanel(page, given) {
  return new FilesPanel(page, given);
}

class FilesPanel {
  /**
   * @param {Page} page
   * @param {Given} given
   */
  constructor(page, { draft, questions, title, value, changed }) {
    this.page = page;
    this.words = page.words.files;
    this.draft = draft;
    this.questions = questions;
    this.changed = changed;
    this.answers = { get: value, set: (/** @type {string} */ key, /** @type {Plain} */ now) => Reflect.set(this.draft.values, key, now) };
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<Row, HTMLLIElement>} */
    this.items = new Map();
    this.working = false;
    this.closed = false;
    this.settled = false;
    const id = fresh();
    this.heading = make("h2", { id, class: "ap-f-name" }, title);
    this.hint = make("p", { class: "ap-f-hint" }, say(this.words, "hint"));
    this.list = make("ul", { class: "ap-f-filelist", "aria-labelledby": id });
    this.element = make("div", { class: "ap-f-attach", role: "group", "aria-labelledby": id }, this.heading, this.hint, this.list, this.buttons());
    this.listen();
    void this.begin();
  }

  /** Two ways in; where no finger points, files are dropped instead of photographed. */
  buttons() {
    const pick = make("input", { type: "file", multiple: true, class: "ap-f-pick", "aria-label": say(this.words, "pick") });
    const shoot = make("input", { type: "file", accept: "image/*", capture: "environment", class: "ap-f-pick", "aria-label": say(this.words, "shoot") });
    for (const input of [pick, shoot]) {
      input.addEventListener("change", () => {
        void this.add([...(input.files ?? [])]);
        input.value = "";
      });
    }
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const label = (/** @type {HTMLInputElement} */ input, /** @type {string} */ key) =>
      make("label", { class: "ap-f-button" }, input, say(this.words, key));
    const ways = [label(pick, "pick"), touch ? label(shoot, "shoot") : make("span", { class: "ap-f-hint" }, say(this.words, "drop"))];
    return make("div", { class: "ap-f-pickers" }, ...ways);
  }

  listen() {
    const over = (/** @type {DragEvent} */ event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.element.classList.toggle("ap-f-over", event.type === "dragover");
    };
    this.element.addEventListener("dragover", over);
    this.element.addEventListener("dragleave", over);
    this.element.addEventListener("drop", (event) => {
      over(event);
      void this.add([...(event.dataTransfer?.files ?? [])]);
    });
    this.ready = () => void this.work();
    this.page.engine.addEventListener("state", this.ready);
  }

  /** Show what is kept already. */
  async begin() {
    for (const kept of await this.page.drafts.files(this.draft.draft)) {
      const { name, before } = kept;
      if (this.rows.some((row) => row.name === name)) continue;
      this.rows.push({ state: "kept", name, before, file: null, kept, findings: [], words: "" });
      if (!this.draft.files.includes(name)) this.draft.files.push(name);
    }
    this.settled = true;
    this.there();
    this.show();
    await this.work();
  }

  /** Files that lie in the repository: their names are known, and nothing else. */
  there() {
    if (!this.settled) return;
    const known = new Set(this.rows.map(({ name }) => name));
    for (const name of named(this.answers, this.questions)) {
      if (!known.has(name)) this.rows.push({ state: "there", name, before: 0, file: null, kept: null, findings: [], words: "" });
    }
  }

  /** Names that are taken. */
  get names() {
    return new Set(this.rows.filter(({ state }) => state !== "gone" && state !== "refused").map(({ name }) => name));
  }

  /**
   * Take files that were picked or dropped.
   * @param {File[]} files
   */
  async add(files) {
    for (const file of files) this.rows.push(rowOf(file, this.names));
    this.show();
    await this.work();
  }

  /** Go through what waits, one file at a time. */
  async work() {
    if (this.working || this.closed) return;
    this.working = true;
    for (const row of this.rows) {
      if (row.state === "waiting") {
        const others = new Set(this.rows.filter((one) => one !== row).map(({ name }) => name));
        await attach(this.page, this.draft, row, others);
        this.settle(row);
      } else if (row.kept && !row.kept.kind && row.state !== "gone" && this.page.engine.state === "ready") {
        await this.inspect(row);
      }
      this.showRow(row);
    }
    this.working = false;
    if (this.rows.some((row) => row.state === "waiting" && this.page.engine.state === "ready")) await this.work();
  }

  /**
   * A photo was kept before the program was there: now it looks at it.
   * @param {Row} row
   */
  async inspect(row) {
    try {
      await look(this.page, this.draft, row);
      await keep(this.page, row);
    } catch (error) {
      row.words = told(error, say(this.words, "refused"));
    }
    this.settle(row);
  }

  /**
   * The record has a file more, and the question that it answers.
   * @param {Row} row
   */
  settle(row) {
    if (row.state !== "kept" && row.state !== "unkept") return;
    const { files } = this.draft;
    if (!files.includes(row.name)) files.push(row.name);
    propose(this.answers, this.questions, row.name, row.kept?.key ?? "");
    this.changed();
  }

  /**
   * Take a file away; what was refused only leaves the list.
   * @param {Row} row
   */
  async take(row) {
    const { name, kept, state } = row;
    row.was = placeOf(this.answers, this.questions, name);
    row.state = "gone";
    if (kept || state === "there") {
      place(this.answers, this.questions, name, "");
      this.draft.files = this.draft.files.filter((one) => one !== name);
    } else {
      this.rows = this.rows.filter((one) => one !== row);
    }
    this.show();
    this.items.get(row)?.querySelector("button")?.focus();
    this.page.tell(say(this.words, "taken", { name }));
    this.changed();
    if (!kept) return;
    await this.page.drafts.dropFile(this.draft.draft, name);
    if (this.page.engine.state === "ready") await this.page.engine.call("detach", { draft: this.draft.draft, name });
  }

  /** @param {Row} row */
  async back(row) {
    if (this.names.has(row.name)) return;
    row.state = row.kept ? "working" : "there";
    place(this.answers, this.questions, row.name, row.was ?? "");
    if (row.kept) {
      if (this.page.engine.state === "ready") await look(this.page, this.draft, row);
      await keep(this.page, row);
      this.settle(row);
    } else {
      this.changed();
    }
    this.showRow(row);
    this.items.get(row)?.querySelector("button")?.focus();
  }

  /**
   * Other questions, or other findings.
   * @param {{draft: Draft, questions: Question[], findings: (Finding & {file?: string})[]}} given
   */
  update({ draft, questions, findings }) {
    this.draft = draft;
    this.questions = questions;
    this.there();
    for (const row of this.rows) {
      const own = findings.filter(({ file }) => file === row.name);
      if (row.state !== "refused" && row.state !== "waiting") row.findings = own;
      if (row.kept) row.kept.draft = draft.draft;
    }
    this.show();
  }

  show() {
    for (const row of this.rows) this.showRow(row);
    fill(this.list, ...this.rows.map((row) => this.items.get(row)));
    this.list.hidden = this.rows.length === 0;
  }

  /** @param {Row} row */
  showRow(row) {
    const item = this.items.get(row) ?? make("li", {});
    const shown = JSON.stringify([row.state, row.name, row.words, row.findings, row.kept?.size, row.kept?.kind, this.choice(row)]);
    this.items.set(row, item);
    if (item.dataset.shown === shown) return;
    item.dataset.shown = shown;
    item.className = `ap-f-file ap-f-file-${row.state}`;
    fill(item, row.state === "gone" ? this.goneRow(row) : this.filedRow(row));
  }

  /** @param {Row} row */
  goneRow(row) {
    const text = make("span", { class: "ap-f-hint" }, say(this.words, "taken", { name: row.name }));
    return [text, button(say(this.words, "back"), () => void this.back(row), { class: "ap-f-link" })];
  }

  /** @param {Row} row */
  filedRow(row) {
    const take = button(say(this.words, "take"), () => void this.take(row), {
      class: "ap-f-link",
      "aria-label": say(this.words, "take_name", { name: row.name }),
    });
    const told = row.findings.map(({ severity, text, hint }) =>
      make("p", { class: `ap-f-fault ap-f-${severity}` }, text, hint ? make("span", { class: "ap-f-hint" }, hint) : null),
    );
    const why = row.words ? make("p", { class: "ap-f-fault ap-f-error", role: "alert" }, row.words) : null;
    const about = make("div", { class: "ap-f-about" }, make("b", { class: "ap-file" }, row.name), make("span", { class: "ap-f-hint" }, this.meta(row)), why, told, this.chooser(row));
    return [this.picture(row), about, row.state === "working" ? null : take];
  }

  /** @param {Row} row */
  meta(row) {
    const { kept, before, state } = row;
    if (state === "waiting") return say(this.words, this.page.engine.state === "failed" ? "stuck" : "waiting");
    if (state === "working") return say(this.words, "working");
    if (state === "there") return say(this.words, "there");
    if (!kept) return size(before);
    const [was, is] = [size(before), size(kept.size)];
    const sizes = was === is ? was : say(this.words, "smaller", { before: was, after: is });
    return [sizes, ...kept.cleaned].join(say(this.words, "comma"));
  }

  /** @param {Row} row */
  picture({ kept, name }) {
    const box = make("span", { class: "ap-f-thumb", "aria-hidden": "true" });
    if (!kept?.thumb) {
      box.append(name.slice(name.lastIndexOf(".") + 1, name.lastIndexOf(".") + 5).toUpperCase());
      return box;
    }
    const image = make("img", { alt: "", src: URL.createObjectURL(kept.thumb) });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    box.append(image);
    return box;
  }

  /**
   * What a file may be, and is: key and titles, null where there is nothing to choose.
   * @param {Row} row
   */
  choice(row) {
    const asked = places(this.questions);
    if (!["kept", "unkept", "there"].includes(row.state) || asked.length < 2) return null;
    return { key: placeOf(this.answers, this.questions, row.name), titles: asked.map(({ title }) => title) };
  }

  /** @param {Row} row */
  chooser(row) {
    const choice = this.choice(row);
    if (!choice) return null;
    const select = make("select", { class: "ap-f-place", "aria-label": say(this.words, "what", { name: row.name }) });
    select.append(new Option(say(this.words, "unplaced"), ""));
    for (const { key, title } of places(this.questions)) select.append(new Option(title, key));
    select.value = choice.key;
    select.classList.toggle("ap-f-unplaced", !choice.key);
    select.addEventListener("change", () => {
      place(this.answers, this.questions, row.name, select.value);
      this.show();
      this.items.get(row)?.querySelector("select")?.focus();
      this.changed();
    });
    return select;
  }

  close() {
    this.closed = true;
    if (this.ready) this.page.engine.removeEventListener("state", this.ready);
  }
}
