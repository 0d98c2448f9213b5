/* Records of before to begin from: what stays the same is filled in, the rest is asked. */

import { fill, make } from "../dom.js";
import { address } from "../route.js";
import { waiting } from "../waiting.js";
import { say } from "../words.js";

/** @import { Page, View } from "../page.js" */

/**
 * @param {Page} page
 * @returns {View}
 */
export function like(page) {
  const words = page.words.page;
  const body = make("div", { "aria-busy": "true" }, waiting(page));
  let begun = false;
  const show = async () => {
    if (begun || page.engine.state !== "ready") return;
    begun = true;
    const { adding } = await page.engine.call("overview", { drafts: [] });
    const found = await Promise.all(adding.map(({ form }) => (
      page.engine.call("form", { form, id: null, like: null, draft: null })
    )));  // prettier-ignore
    const sections = found.map(({ form, title, likes }) => likes.length && (
      make("section", {}, make("h2", {}, title), make("ul", { class: "ap-f-rows" }, likes.map((one) => (
        make("li", { class: "ap-f-record" }, make("a", { href: address("new", form, "", one.id) }, one.title))
      ))))
    ));  // prettier-ignore
    body.removeAttribute("aria-busy");
    fill(body, sections.some(Boolean) ? sections : make("p", {}, say(words, "no_likes")));
  };
  const changed = () => void show().catch((fault) => fill(body, make("p", { class: "ap-alert", role: "alert" }, fault.message)));
  page.engine.addEventListener("state", changed);
  changed();
  return {
    title: say(words, "like_before"),
    above: make("p", { class: "ap-crumbs" }, make("a", { href: address("overview") }, say(words, "back_to", { title: page.branch.name }))),
    step: "fill",
    body: [make("p", { class: "ap-f-hint" }, say(words, "like_hint")), body],
    leave: () => page.engine.removeEventListener("state", changed),
  };
}
