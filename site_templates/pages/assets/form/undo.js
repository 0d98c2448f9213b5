/* What was taken away comes back by one button, as long as it stands there. */

import { button, fill, make } from "./dom.js";
import { say } from "./words.js";

/** @import { Page } from "./page.js" */

/**
 * Say that something is gone, with the way back; one at a time.
 * @param {Page} page
 * @param {string} text
 * @param {() => Promise<void>} undo
 */
export function offerUndo(page, text, undo) {
  const words = page.words.drafts;
  const back = button(say(words, "undo"), async () => {
    try {
      await undo();
      fill(page.notices);
      page.tell(say(words, "undone"));
    } catch {
      page.tell(say(words, "undo_failed"), true);
    }
  });
  fill(page.notices, make("p", { class: "ap-f-undo" }, make("span", {}, text), " ", back));
  page.tell(text);
}
