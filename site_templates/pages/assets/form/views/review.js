/* Before handing in: every record and file, what they bring, what is still wrong, what is still missing. */

import { drafts } from "../checking.js";
import { button, make } from "../dom.js";
import { besides, elsewhere, errors, figures, part } from "../effect.js";
import { address } from "../route.js";
import { say, size } from "../words.js";

/** @import { Page, View } from "../page.js" */
/** @import { Draft, Summary } from "../protocol.js" */

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function review(page) {
  const words = page.words.page;
  const above = make("p", { class: "ap-crumbs" }, make("a", { href: address("overview") }, say(words, "back_to", { title: page.branch.name })));
  const all = await drafts(page);
  if (!all.length) {
    const add = make("a", { class: "ap-f-button ap-f-main", href: address("overview") }, say(words, "to_overview"));
    return { title: say(words, "step_check"), above, step: "check", body: [make("p", {}, say(words, "nothing_to_hand_in")), add] };
  }
  await page.engine.there();
  const { going, found, whole } = await filing(page, all);
  const next = going.length
    ? button(say(words, "next_hand"), () => page.go("hand-in"), { class: "ap-f-button ap-f-main" })
    : make("a", { class: "ap-f-button ap-f-main", href: address("overview") }, say(words, "to_overview"));
  return {
    title: say(words, "step_check"),
    above,
    step: "check",
    body: [
      told(page, whole),
      ...(going.length ? [brings(page, found), ...summarized(page, found)] : []),
      make("div", { class: "ap-f-actions" }, next, button(say(words, "print"), () => window.print(), { class: "ap-f-button" })),
    ].filter((one) => one !== null),
  };
}

/**
 * What goes in: drafts that are finished. One with a fault would be turned back, and holds up no other.
 * @param {Page} page
 * @param {Draft[]} all
 */
export async function filing(page, all) {
  const whole = await page.engine.call("summary", { drafts: all });
  const faulty = new Set(errors(whole.findings).map(({ draft }) => draft));
  const going = all.filter(({ draft }) => !faulty.has(draft));
  const found = going.length === all.length ? whole : await page.engine.call("summary", { drafts: going });
  return { going, found, whole };
}

/** What it brings. @param {Page} page @param {Summary} found */
export function brings(page, { effect }) {
  const words = page.words.page;
  return make("section", {}, make("div", { class: "ap-f-block" }, effect.length ? figures(page, effect) : say(words, "no_effect")),
    make("p", { class: "ap-f-hint" }, say(words, "computed_here", { day: page.data.day })));  // prettier-ignore
}

/** What is to be mended first, and where; then what is to be looked at. @param {Page} page @param {Summary} whole */
function told(page, whole) {
  const words = page.words.page;
  const wrong = errors(whole.findings);
  const rest = whole.findings.filter((one) => !wrong.includes(one));
  const titles = new Map(whole.records.map(({ draft, title }) => [draft, title]));
  const faulty = [...new Set(wrong.map(({ draft }) => draft ?? ""))];
  const first = faulty.map((draft) => {
    const own = wrong.filter((one) => (one.draft ?? "") === draft);
    const name = titles.get(draft) ?? say(words, "untitled");
    const texts = make("small", {}, own.map(({ text }) => text).join(say(words, "semicolon")));
    const [{ key = "" }] = own;
    const go = draft ? make("a", { href: address("draft", draft, ...(key ? [key] : [])) }, say(words, "go_mend")) : null;
    return make("li", { class: "ap-f-mend" }, make("span", {}, name, texts), go);
  });
  return make("div", {},
    first.length ? make("div", { class: "ap-f-summary" }, make("h2", {}, say(words, "stays_here", { n: first.length })), make("ul", { class: "ap-f-plain" }, first)) : null,
    part(say(words, "to_look_at"), rest.map((one) => elsewhere(page, one))));  // prettier-ignore
}

/**
 * Records, files and what is missing, as they stand in both last steps.
 * @param {Page} page
 * @param {Summary} found
 */
export function summarized(page, found) {
  const words = page.words.page;
  const records = found.records.map(({ title, state, lines }) => (
    make("li", { class: "ap-f-record" }, make("span", {}, title), make("span", { class: "ap-f-hint" }, state),
      lines.map((line) => make("p", { class: "ap-f-hint" }, line)))
  ));  // prettier-ignore
  const files = found.files.map((file) => (
    make("li", { class: "ap-f-record" }, make("span", {}, file.title), make("span", { class: "ap-f-hint" }, file.state),
      make("p", { class: "ap-f-hint" }, [size(file.size), ...file.notes].join(" · "), make("br"), make("code", {}, file.path)))
  ));  // prettier-ignore
  return [
    make("section", {}, make("h2", {}, say(words, "records_count", { n: found.records.length })), make("ul", { class: "ap-f-rows" }, records)),
    make("details", { class: "ap-f-section" }, make("summary", {}, say(words, "files_count", { n: found.files.length })),
      make("ul", { class: "ap-f-rows" }, files)),
    found.missing.length ? make("section", {}, make("h2", {}, say(words, "could_add")), make("ul", { class: "ap-f-plain" }, besides(page, found.missing))) : null,
  ];  // prettier-ignore
}
