/* What stands where something waits for the program: how large it is, how far it is, in numbers. */

import { fill, make } from "./dom.js";
import { say, size } from "./words.js";

/** @import { Page } from "./page.js" */

/**
 * A line that says how far the program is loaded; it goes away once it is there.
 * @param {Page} page
 */
export function waiting(page) {
  const { engine, words: { page: words } } = page;  // prettier-ignore
  const text = make("span", {});
  const bar = make("progress", { max: "1", "aria-hidden": "true" });
  const again = make("button", { type: "button", class: "ap-f-button", hidden: true }, say(words, "again"));
  again.addEventListener("click", () => engine.begin());
  const element = make("div", { class: "ap-f-waiting", role: "status" }, make("p", {}, text), bar, again);
  const show = () => {
    const { state, loaded, total, fault } = engine;
    element.hidden = state === "ready";
    bar.hidden = state !== "loading";
    again.hidden = state !== "failed" || page.config.engine === null;
    if (state === "failed") {
      fill(text, fault);
      return;
    }
    if (total && loaded < total) {
      bar.max = total;
      bar.value = loaded;
      fill(text, say(words, "loading", { loaded: size(loaded), total: size(total) }));
    } else {
      bar.removeAttribute("value");
      fill(text, say(words, "starting"));
    }
  };
  engine.addEventListener("change", show);
  show();
  return element;
}
