/* Inputs that are written into: a line, several lines, a count, points. */

import { make } from "../dom.js";
import { say } from "../words.js";

/** @import { Control, Group, Making } from "../page.js" */

/**
 * A line of text, whatever it is about; `keypad` is the keyboard that a phone shows.
 * @param {"text" | "numeric" | "decimal" | "url"} keypad
 * @returns {(making: Making) => Control}
 */
export const line = (keypad) => (making) => {
  const input = make("input", {
    type: "text", class: "ap-f-input", inputmode: keypad, autocomplete: "off", autocapitalize: "off",
    spellcheck: "false", value: text(making.value, making.words),
  });  // prettier-ignore
  return written(input, making);
};

/**
 * Several lines, as many as are written.
 * @param {Making} making
 * @returns {Control}
 */
export function lines(making) {
  const input = make("textarea", { class: "ap-f-input ap-f-long", rows: "3", value: text(making.value, making.words) });
  return written(input, making);
}

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {Making} making
 * @returns {Control}
 */
export function written(input, making) {
  input.id = making.id;
  input.addEventListener("input", (event) => {
    making.changed(input.value, /** @type {InputEvent} */ (event).isComposing);
  });
  /* What an input method has put together counts once it stands there. */
  input.addEventListener("compositionend", () => making.changed(input.value, false));
  return {
    element: input,
    single: true,
    described: [input],
    focus: () => input.focus(),
    write: (value) => {
      if (input.value !== text(value, making.words)) input.value = text(value, making.words);
    },
  };
}

/**
 * A value as a line; several are told with the mark that parts them.
 * @param {unknown} value
 * @param {Group} words
 */
export function text(value, words) {
  if (Array.isArray(value)) return value.join(say(words, "comma"));
  return typeof value === "string" ? value : "";
}
