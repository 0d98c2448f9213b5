/* What is missing and what each would bring; what can be added; drafts; what is there. */

import { drafts as all } from "../checking.js";
import { button, fill, make } from "../dom.js";
import { mending } from "../effect.js";
import { told } from "../faults.js";
import { readBack } from "../rescue.js";
import { address } from "../route.js";
import { waiting } from "../waiting.js";
import { say } from "../words.js";

/** @import { Page, View } from "../page.js" */
/** @import { Draft, Filed, Mending, Missing, Overview } from "../protocol.js" */

/** @typedef {Omit<Overview, "missing" | "records"> & {missing: Missing[] | null, records: Filed[] | null}} Known */

/**
 * @param {Page} page
 * @returns {View}
 */
export function overview(page) {
  const words = page.words.page;
  const above = make("p", { class: "ap-crumbs" }, dated(page, null));
  const below = make("p", { class: "ap-f-hint" });
  const body = make("div", {});
  const look = make("button", { type: "button", class: "ap-f-look" });
  const bar = make("div", { class: "ap-f-bar", hidden: true }, look,
    button(say(words, "next_check"), () => page.go("review"), { class: "ap-f-button ap-f-main" }));  // prettier-ignore
  look.addEventListener("click", () => {
    const heading = body.querySelector(".ap-f-drafts h2");
    /** @type {HTMLElement | null} */ (heading)?.focus();
    heading?.scrollIntoView({ block: "start" });
  });
  let closed = false;
  const head = (/** @type {number} */ count) => {
    const kept = page.drafts.lasting ? "" : say(words, "not_kept");
    fill(below, count ? say(words, "drafts_here", { n: count }) : say(words, "no_drafts"), kept, " · ",
      make("a", { href: "?branch=" }, say(words, "other_branch")));  // prettier-ignore
    bar.hidden = count === 0;
    fill(look, make("span", { class: "ap-f-lead" }, say(words, "drafts_count", { n: count })));
  };
  let turn = 0;
  const show = async () => {
    body.setAttribute("aria-busy", "true");
    turn += 1;
    const own = turn;
    const kept = await all(page);
    if (closed || own !== turn) return;
    head(kept.length);
    const there = page.engine.state === "ready";
    try {
      const found = there ? await page.engine.call("overview", { drafts: kept }) : before(kept);
      if (closed || own !== turn) return;
      fill(above, dated(page, found));
      const told = found.state ? make("p", { class: "ap-f-block" }, found.state) : null;
      fill(body, there ? null : waiting(page), told, missing(page, found), adding(page, found, kept.length > 0),
        drafts(page, found.drafts), records(page, found));  // prettier-ignore
    } catch (fault) {
      if (own !== turn) return;
      fill(body, make("p", { class: "ap-alert", role: "alert" }, /** @type {Error} */ (fault).message));
    }
    body.removeAttribute("aria-busy");
  };
  /** What is known before the program is there. @param {Draft[]} kept @returns {Known} */
  const before = (kept) => {
    const found = page.engine.before.overview;
    const own = kept.map(({ draft, values }) => ({ draft, title: named(values) || say(words, "untitled"), state: "" }));
    const nothing = { branch: page.branch, year: page.year, stage: "", until: page.config.until, day: "", data: "" };
    return { ...nothing, missing: null, adding: [], records: null, ...found, drafts: own };
  };
  const changed = () => void show();
  page.engine.addEventListener("state", changed);
  page.drafts.addEventListener("change", changed);
  void page.engine.read.then(changed, changed);
  void show();
  return {
    title: page.branch.name,
    above,
    below,
    step: "fill",
    body: [body],
    bar,
    leave: () => {
      closed = true;
      page.engine.removeEventListener("state", changed);
      page.drafts.removeEventListener("change", changed);
    },
  };
}

/**
 * The year, until when, and how long that is.
 * @param {Page} page
 * @param {Known | null} found
 */
function dated(page, found) {
  const words = page.words.page;
  const until = found ? found.until : page.config.until;
  const parts = [say(words, "filing_for", { year: page.year }), until ? say(words, "until", { day: until }) : ""];
  return [...parts, found?.left ?? ""].filter(Boolean).join(" · ");
}

/** @param {{[key: string]: unknown}} values */
function named(values) {
  const { title, matter } = values;
  return typeof title === "string" ? title : typeof matter === "string" ? matter : "";
}

/** @param {Page} page @param {Known} found */
function missing(page, found) {
  const words = page.words.page;
  if (!found.missing || (found.state && !found.missing.length)) return null;
  const rows = found.missing.map((one) => {
    const mend = one.form ? mends(page, { ...one, form: one.form }) : null;
    return make("li", { class: "ap-f-missing" },
      make("b", { class: "ap-f-gain" }, one.gain ? say(words, "plus", { gain: one.gain }) : make("span", { "aria-hidden": "true" }, "—")),
      make("div", {}, make("h3", {}, one.title), one.lines.map((line) => make("p", { class: "ap-f-hint" }, line))),
      mend);  // prettier-ignore
  });
  const body = rows.length
    ? [make("p", { class: "ap-f-hint" }, say(words, found.state ? "missing_most" : "missing_hint")), make("ul", { class: "ap-f-rows" }, rows)]
    : make("p", {}, say(words, "nothing_missing"));
  return make("section", {}, make("h2", {}, say(words, "missing")), body,
    (found.waiting ?? []).length ? make("p", { class: "ap-f-hint" }, say(words, "waiting_for", { titles: (found.waiting ?? []).join(say(words, "comma")) })) : null);  // prettier-ignore
}

/** @param {Page} page @param {Mending & {title: string}} one */
function mends(page, one) {
  const words = page.words.page;
  const name = say(words, "mend");
  return button(name, () => page.go(...mending(one)), {
    class: "ap-f-button ap-f-small", "aria-label": say(words, "mend_title", { name, title: one.title }) });  // prettier-ignore
}

/** @param {Page} page @param {Known} found @param {boolean} begun */
function adding(page, found, begun) {
  const words = page.words.page;
  const buttons = found.adding.map(({ form, title }, index) => (
    make("a", { class: `ap-f-button${index || begun ? "" : " ap-f-main"}`, href: address("new", form) }, title)
  ));  // prettier-ignore
  const like = make("a", { class: "ap-f-button", href: address("like") }, say(words, "like_before"));
  if (!buttons.length) return null;
  return make("section", {}, make("h2", {}, say(words, "add")), make("div", { class: "ap-f-adding" }, buttons, like), returning(page));
}

/** The way back of a draft that was saved as a file. @param {Page} page */
function returning(page) {
  const words = page.words.drafts;
  const fault = make("p", { class: "ap-f-fault ap-f-error", role: "alert", hidden: true });
  const input = make("input", { type: "file", accept: ".zip", class: "ap-f-pick", "aria-label": say(words, "back") });
  const read = async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    try {
      const { draft, refused } = await readBack(page, file);
      if (refused.length) page.tell(say(words, "back_without", { names: refused.join(say(page.words.page, "comma")) }), true);
      page.go("draft", draft);
    } catch (error) {
      const key = error instanceof DOMException ? "full" : "not_back";
      fill(fault, told(error, say(words, key)));
      fault.hidden = false;
    }
    input.value = "";
  };
  input.addEventListener("change", () => void read());
  return make("div", { class: "ap-f-back" }, make("label", { class: "ap-f-link" }, input, say(words, "back")), fault);
}

/** @param {Page} page @param {Overview["drafts"]} kept */
function drafts(page, kept) {
  const words = page.words.page;
  if (!kept.length) return null;
  const rows = kept.map(({ draft, title, state }) => (
    make("li", { class: "ap-f-record" }, make("a", { href: address("draft", draft) }, title), make("span", { class: "ap-f-hint" }, state))
  ));  // prettier-ignore
  return make("section", { class: "ap-f-drafts" },
    make("h2", { tabindex: "-1" }, say(words, "drafts"), " ", make("span", { class: "ap-count" }, say(words, "copies", { n: kept.length }))),
    make("ul", { class: "ap-f-rows" }, rows));  // prettier-ignore
}

/** @param {Page} page @param {Known} found */
function records(page, found) {
  const words = page.words.page;
  if (!found.records) return null;
  const row = (/** @type {Filed} */ one) => (
    make("li", { class: "ap-f-record" },
      make("a", { href: address("open", one.form, one.id) }, one.date ? make("span", { class: "ap-f-date" }, one.date.slice(5)) : null, one.title),
      make("span", { class: one.counts ? "ap-f-hint" : "ap-f-hint ap-f-lacks" }, one.state),
      one.note ? make("p", { class: "ap-f-hint" }, one.note) : null,
      one.withheld ? make("p", { class: "ap-f-hint" }, say(words, "withheld_row")) : null)
  );  // prettier-ignore
  /* A draft is no record yet, whatever it would count as. */
  const there = new Set((page.engine.before.overview?.records ?? []).map(({ form, id }) => address(form, id)));
  const filed = found.records.filter(({ form, id }) => there.has(address(form, id)));
  const count = make("span", { class: "ap-count" }, say(words, "copies", { n: filed.length }));
  return make("section", {}, make("h2", {}, say(words, "filed"), " ", count),
    filed.length ? make("ul", { class: "ap-f-rows" }, filed.map(row)) : make("p", {}, say(words, "nothing_filed")));  // prettier-ignore
}
