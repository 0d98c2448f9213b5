/* Handing in: what it brings, the files, the ways, and what the day of receipt means. */

import { drafts } from "../checking.js";
import { make } from "../dom.js";
import { older } from "../changes.js";
import { handInView } from "../hand-in.js";
import { address } from "../route.js";
import { say } from "../words.js";
import { brings, filing, summarized } from "./review.js";

/** @import { Page, View } from "../page.js" */

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function handing(page) {
  const words = page.words.page;
  const above = make("p", { class: "ap-crumbs" }, make("a", { href: address("review") }, say(words, "back_to_mend")));
  const all = await drafts(page);
  if (all.length) await page.engine.there();
  const state = all.length ? await page.engine.refresh() : "same";
  const changed = older(await page.drafts.list(), page.data);
  const { going, found } = all.length ? await filing(page, all) : { going: [], found: null };
  if (!found || !going.length) {
    const back = make("a", { class: "ap-f-button ap-f-main", href: address(all.length ? "review" : "overview") }, say(words, "to_overview"));
    const why = say(words, all.length ? "nothing_finished" : "nothing_to_hand_in");
    return { title: say(words, "step_hand"), above, step: "hand", body: [make("p", {}, why), back] };
  }
  return {
    title: say(words, "step_hand"),
    above,
    step: "hand",
    body: [
      brings(page, found),
      state === "unknown" ? make("p", { class: "ap-f-hint" }, say(words, "not_compared")) : null,
      changed.length ? newer(page, changed) : null,
      ...summarized(page, { ...found, missing: [] }).filter((one) => one !== null),
      handInView(page, found, going),
    ].filter((one) => one !== null),
  };
}

/** The branch's files have changed since drafts were begun: each is to be looked at. @param {Page} page @param {{draft: string}[]} changed */
function newer(page, changed) {
  const words = page.words.page;
  const links = changed.map(({ draft }, at) => (
    make("li", {}, make("a", { href: address("draft", draft) }, say(words, "look_at_draft", { n: at + 1 })))
  ));  // prettier-ignore
  return make("section", { class: "ap-f-block", role: "status" }, make("p", {}, say(words, "data_newer", { day: page.data.day })),
    make("ul", { class: "ap-f-plain" }, links));  // prettier-ignore
}
