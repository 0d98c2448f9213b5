/* Which branch: chosen once, and remembered on this device as on every other page of the site. */

import { fill, make } from "../dom.js";
import { say, size } from "../words.js";

/** @import { Config, View } from "../page.js" */

/** As many are shown at once: more are found by writing a part of the name. */
const MOST = 60;

/**
 * @param {{id: string, name: string}[]} branches
 * @param {Config} config
 * @returns {View}
 */
export function choose(branches, { engine, words: { page: words } }) {
  const found = make("ul", { class: "ap-f-branches" });
  const told = make("p", { class: "ap-f-hint", role: "status" });
  const search = make("input", { type: "search", id: "ap-f-branch", class: "ap-f-input", autocomplete: "off" });
  const show = () => {
    const sought = search.value.trim().toLowerCase();
    const fitting = branches.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(sought));
    fill(found, fitting.slice(0, MOST).map(({ id, name }) => (
      make("li", {}, make("a", { href: `?branch=${encodeURIComponent(id)}` }, name, " ", make("small", {}, id)))
    )));  // prettier-ignore
    const over = fitting.length - MOST;
    fill(told, fitting.length === 0 ? say(words, "no_branch") : over > 0 ? say(words, "more_branches", { n: over }) : "");
  };
  search.addEventListener("input", show);
  show();
  return {
    title: say(words, "choose_branch"),
    step: null,
    body: [
      make("div", { class: "ap-f-field" }, make("label", { for: search.id, class: "ap-f-name" }, say(words, "branch_name")),
        make("p", { class: "ap-f-hint" }, say(words, "branch_hint")), search),
      told,
      found,
      make("p", { class: "ap-f-hint" }, engine ? say(words, "size_told", { size: size(engine.size) }) : say(words, "no_engine")),
    ],  // prettier-ignore
  };
}
