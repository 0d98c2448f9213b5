/* The last step: what is handed in, and the ways out. Nothing is sent from here: the person saves a package and gives it to the
   office, hands it on from the device, or carries a folder to the forge's own page. */

import { button, fill, make } from "./dom.js";
import { told } from "./faults.js";
import { Packing, canShare } from "./packing.js";
import { canWriteFolder, download, writeFolder } from "./saving.js";
import { offerUndo } from "./undo.js";
import { wechatNotice } from "./wechat.js";
import { say, size } from "./words.js";
import { archived } from "./zip.js";

export { wholeFile } from "./whole.js";

/** @import { Page } from "./page.js" */
/** @import { Draft, Package, Summary } from "./protocol.js" */

/** The steps at the forge stand in the page, hidden until they are asked for. */
const STEPS = "ap-f-forge";
/** Digits of a digest by which people know a package. */
const DIGITS = 8;
/** A small file says whether this device hands archives on at all. */
const SAMPLE = new File([new Uint8Array(1)], "x.zip", { type: "application/zip" });

/**
 * The ways out for the drafts that go in this time.
 * @param {Page} page
 * @param {Summary} summary
 * @param {Draft[]} drafts
 * @returns {HTMLElement}
 */
export function handInView(page, summary, drafts) {
  return new HandIn(page, summary, drafts).element;
}

class HandIn {
  /**
   * @param {Page} page
   * @param {Summary} summary
   * @param {Draft[]} drafts
   */
  constructor(page, summary, drafts) {
    this.page = page;
    this.words = page.words.hand;
    this.drafts = drafts;
    this.packing = new Packing(page, drafts);
    this.receipt = make("div", { class: "ap-f-receipt", role: "status" });
    this.steps = make("div", { class: "ap-f-steps-out", hidden: true });
    this.element = make(
      "div",
      { class: "ap-f-hand" },
      wechatNotice(),
      make("section", {}, make("h2", {}, say(this.words, "ways")), this.package(), this.receipt, this.forge(), this.steps),
      promises(summary),
    );
  }

  /** The package: saved, or handed on where the device can. */
  package() {
    const save = button(say(this.words, "save"), () => this.save(), { class: "ap-f-button ap-f-main" });
    const share = canShare(SAMPLE) ? button(say(this.words, "share"), () => this.share()) : null;
    return way(say(this.words, "package"), say(this.words, share ? "package_share" : "package_how"), share, save);
  }

  /** @param {unknown} error */
  failed(error) {
    fill(this.receipt, make("p", { class: "ap-f-alert ap-f-urgent", role: "alert" }, told(error, say(this.words, "failed"))));
  }

  async save() {
    fill(this.receipt, make("p", {}, say(this.words, "making")));
    try {
      const file = await this.packing.file();
      download(file, file.name);
      this.receive(await this.packing.package());
    } catch (error) {
      this.failed(error);
    }
  }

  async share() {
    try {
      const file = await this.packing.file();
      await window.navigator.share({ files: [file], title: file.name });
      this.receive(await this.packing.package());
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      if (name === "AbortError") return;
      if (name === "NotAllowedError") fill(this.receipt, make("p", {}, say(this.words, "share_again")));
      else this.failed(error);
    }
  }

  /**
   * What was saved, how it is known, and what comes next.
   * @param {Package} made
   */
  receive({ name, size: bytes, digest }) {
    const { words, page } = this;
    const day = new Date().toLocaleDateString("sv");
    const term = (/** @type {string} */ key, /** @type {Node | string} */ value) => [make("dt", {}, say(words, key)), make("dd", {}, value)];
    fill(
      this.receipt,
      make("h3", {}, say(words, "saved")),
      make("dl", { class: "ap-facts" }, term("name", make("code", { class: "ap-file" }, name)), term("size", size(bytes)), term("digest", make("code", {}, digest.slice(0, DIGITS))), term("made", day)),
      make("p", {}, say(words, "next")),
      make("p", {}, say(words, "answer"), " ", this.answers()),
      make("p", { class: "ap-f-hint" }, say(words, "drafts_stay"), " ", button(say(words, "clear"), () => void this.clear(), { class: "ap-f-link" })),
    );
    page.tell(say(words, "saved"));
  }

  /** Where the answer will stand. */
  answers() {
    const { card, lacking } = this.page.config;
    const links = [card && make("a", { href: card.replace("{branch}", this.page.branch.id) }, say(this.words, "card")), lacking && make("a", { href: lacking }, say(this.words, "lacking"))];
    return links.filter(Boolean).flatMap((link, index) => (index ? [say(this.words, "comma"), link] : [link]));
  }

  /** The drafts are not needed any more: on a shared computer they should go. */
  async clear() {
    /** @type {(() => Promise<void>)[]} */
    const backs = [];
    for (const { draft } of this.drafts) backs.push(await this.page.drafts.remove(draft));
    offerUndo(this.page, say(this.words, "cleared", { n: backs.length }), async () => {
      for (const back of backs) await back();
      await this.page.drafts.restore(this.page.engine);
    });
  }

  /** The forge's own page for files, where mkdocs.yml names a forge. */
  forge() {
    const { forge } = this.page.config;
    const written = document.getElementById(STEPS);
    if (!forge || !written) return null;
    const open = button(say(this.words, "show_steps"), () => {
      this.steps.hidden = !this.steps.hidden;
      open.setAttribute("aria-expanded", String(!this.steps.hidden));
      if (!this.steps.hidden && !this.steps.childNodes.length) void this.guide(written);
    }, { "aria-expanded": "false" });
    return way(say(this.words, "forge", { name: forge.name }), say(this.words, "forge_how"), null, open);
  }

  /**
   * The steps, with the folder to take along and the list of what lies in it.
   * @param {HTMLElement} written
   */
  async guide(written) {
    this.steps.append(...[...written.childNodes].map((node) => node.cloneNode(true)));
    const { branch, year, config } = this.page;
    filled(this.steps, { branch: branch.id, year: String(year), folder: this.folder });
    const address = (config.forge?.upload ?? "").replace("{branch}", branch.id).replace("{year}", String(year));
    for (const link of this.steps.querySelectorAll(".ap-f-upload")) {
      if (link instanceof HTMLAnchorElement) Object.assign(link, { href: address, target: "_blank" });
      else link.textContent = address;
    }
    this.steps.querySelector(".ap-f-take")?.replaceChildren(this.taking());
    try {
      const entries = await this.packing.below();
      this.steps.querySelector(".ap-f-tree")?.replaceChildren(tree(entries));
    } catch (error) {
      this.failed(error);
    }
  }

  /** Name of the folder that is taken to the forge. */
  get folder() {
    return `${this.page.branch.id}-${this.page.year}`;
  }

  taking() {
    const said = make("span", { class: "ap-f-hint", role: "status" });
    const zip = async () => {
      download(archived((await this.packing.below()).map(({ path, bytes }) => ({ path: `${this.folder}/${path}`, bytes }))), `${this.folder}.zip`);
      fill(said, say(this.words, "folder_zip", { folder: this.folder }));
    };
    const write = async () => {
      await writeFolder(this.folder, await this.packing.below());
      fill(said, say(this.words, "folder_written", { folder: this.folder }));
    };
    const tried = (/** @type {() => Promise<void>} */ way_out) => () =>
      way_out().catch((error) => error.name !== "AbortError" && fill(said, told(error, say(this.words, "unwritten"))));
    const ways = [button(say(this.words, "get_zip"), tried(zip))];
    if (canWriteFolder()) ways.unshift(button(say(this.words, "get_folder"), tried(write)));
    return make("p", { class: "ap-f-ways" }, ...ways, said);
  }
}

/**
 * One way: what it is, how, and its buttons.
 * @param {string} title
 * @param {string} how
 * @param {...(HTMLElement | null)} buttons
 */
function way(title, how, ...buttons) {
  return make("div", { class: "ap-f-way" }, make("div", {}, make("h3", {}, title), make("p", { class: "ap-f-hint" }, how)), make("p", { class: "ap-f-ways" }, ...buttons));
}

/** @param {Summary} summary */
function promises({ promises: texts }) {
  return texts.length ? make("div", { class: "ap-f-block" }, texts.map((text) => make("p", {}, text))) : null;
}

/**
 * Fill `{branch}` and the like in the texts of an element.
 * @param {HTMLElement} element
 * @param {{[place: string]: string}} values
 */
function filled(element, values) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    node.nodeValue = (node.nodeValue ?? "").replace(/\{(\w+)\}/g, (whole, place) => values[place] ?? whole);
  }
}

/**
 * What lies in the folder: its folders, each with its files.
 * @param {{path: string}[]} entries
 */
function tree(entries) {
  /** @type {Map<string, string[]>} */
  const folders = new Map();
  for (const { path } of entries) {
    const cut = path.lastIndexOf("/") + 1;
    folders.set(path.slice(0, cut), [...(folders.get(path.slice(0, cut)) ?? []), path.slice(cut)]);
  }
  const rows = [...folders].map(([folder, names]) => make("li", {}, folder ? make("b", { class: "ap-file" }, folder) : null, make("ul", {}, names.map((name) => make("li", { class: "ap-file" }, name)))));
  return make("ul", { class: "ap-f-folders" }, rows);
}
