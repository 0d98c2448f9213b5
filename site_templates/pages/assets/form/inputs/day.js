/* A day: written in whatever way people write days, or picked from the device's own calendar. */

import { button, make } from "../dom.js";
import { say } from "../words.js";
import { text, written } from "./plain.js";

/** @import { Control, Making } from "../page.js" */

const WHOLE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @param {Making} making
 * @returns {Control}
 */
export function day(making) {
  const { question, words, year } = making;
  const input = make("input", {
    type: "text", class: "ap-f-input", autocomplete: "off", spellcheck: "false", value: text(making.value, words),
  });
  const control = written(input, making);
  const picker = make("input", { type: "date", class: "ap-f-picker", tabindex: "-1", "aria-hidden": "true" });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    input.value = picker.value;
    making.changed(picker.value, false);
    making.left();
  });
  const open = button(
    say(words, "pick"),
    () => {
      picker.value = WHOLE.test(input.value) ? input.value : near(year);
      try {
        picker.showPicker();
      } catch {
        input.focus(); // a browser without a calendar, or one that opens it for a tap alone
      }
    },
    { "aria-label": say(words, "pick_for", { title: question.title }) },
  );
  if (!("showPicker" in picker)) open.hidden = true;
  return { ...control, element: make("div", { class: "ap-f-day" }, input, open, picker) };
}

/**
 * A day of the year to begin from: today where it lies in it.
 * @param {number} year
 */
function near(year) {
  const now = new Date();
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${year}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
