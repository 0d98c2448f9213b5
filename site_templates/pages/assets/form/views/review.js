/* Before handing in: every record and file, what they bring, what is still wrong, what is still missing. */

import { drafts } from "../checking.js";
import { button, make } from "../dom.js";
import { besides, errors, figures, part } from "../effect.js";
import { wording } from "../field.js";
import { address } from "../route.js";
import { say, size } from "../words.js";

/** @import { Page, View } from "../page.js" */
/** @import { Summary } from "../protocol.js" */

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
  const found = await page.engine.call("summary", { drafts: all });
  const wrong = errors(found.findings);
  const next = button(say(words, wrong.length ? "next_hand_anyway" : "next_hand"), () => page.go("hand-in"), {
    class: `ap-f-button${wrong.length ? "" : " ap-f-main"}` });  // prettier-ignore
  return {
    title: say(words, "step_check"),
    above,
    step: "check",
    body: [
      make("section", { class: "ap-f-block" }, figures(page, found.effect)),
      make("p", { class: "ap-f-hint" }, say(words, "computed_here", { day: page.data.day })),
      told(page, found),
      ...summarized(page, found),
      make("div", { class: "ap-f-actions" }, next, button(say(words, "print"), () => window.print(), { class: "ap-f-button" })),
    ].filter((one) => one !== null),
  };
}

/** What is to be mended first, with where. @param {Page} page @param {Summary} found */
function told(page, found) {
  const words = page.words.page;
  const wrong = errors(found.findings);
  const rest = found.findings.filter((one) => !wrong.includes(one));
  const item = (/** @type {Summary["findings"][number]} */ one) => {
    const go = one.draft ? make("a", { href: address("draft", one.draft, ...(one.key ? [one.key] : [])) }, say(words, "go_mend")) : null;
    return make("li", { class: "ap-f-mend" }, wording({ ...one, key: "" }, words, null), go);
  };
  if (!found.findings.length) return null;
  return make("div", { class: wrong.length ? "ap-f-summary" : "" },
    wrong.length ? make("p", {}, say(words, "errors_refused")) : null,
    part(say(words, "to_mend"), wrong.map(item)), part(say(words, "to_look_at"), rest.map(item)));  // prettier-ignore
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
