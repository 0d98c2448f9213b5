/* The three steps, and where one is. */

import { make } from "./dom.js";
import { address } from "./route.js";
import { say } from "./words.js";

/** @import { Page, View } from "./page.js" */

/** @type {{step: "fill" | "check" | "hand", to: string[]}[]} */
const STEPS = [
  { step: "fill", to: ["overview"] },
  { step: "check", to: ["review"] },
  { step: "hand", to: ["hand-in"] },
];

/**
 * @param {Page} page
 * @param {View["step"]} now
 */
export function steps(page, now) {
  const items = STEPS.map(({ step, to }) => {
    const name = say(page.words.page, `step_${step}`);
    const inside = step === now ? make("span", { "aria-current": "step" }, name) : make("a", { href: address(...to) }, name);
    return make("li", {}, inside);
  });
  return make("ol", { class: "ap-f-steps", "aria-label": say(page.words.page, "steps") }, items);
}
