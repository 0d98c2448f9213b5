/* A question as it is met: name, hint with an example, what is wrong with the answer, and the input. */

import { button, fill, fresh, make } from "./dom.js";
import { choosing } from "./inputs/choosing.js";
import { day } from "./inputs/day.js";
import { parts } from "./inputs/parts.js";
import { line, lines } from "./inputs/plain.js";
import { say } from "./words.js";

/** @import { Control, Field, Finding, Group, Making, Plain, Question } from "./page.js" */

/** @type {{[input: string]: (making: Making) => Control}} */
const CONTROLS = {
  "text": line("text"),
  "long-text": lines,
  "count": line("numeric"),
  "number": line("decimal"),
  "day": day,
  "yes-no": choosing,
  "one": choosing,
  "some": choosing,
  "texts": line("text"),
  "attendance": parts,
};

/** Whether a question is answered here, and not by the list of files. @param {Question} question */
export const answered = (question) => question.input in CONTROLS;

/**
 * @param {object} given
 * @param {Question} given.question
 * @param {Plain | undefined} given.value
 * @param {Group} given.words
 * @param {number} given.year
 * @param {(value: Plain, composing: boolean) => void} given.changed
 * @param {() => void} given.left
 * @param {HTMLElement | null} [given.more] what stands below the input
 * @returns {Field}
 */
export function field({ question, value, words, year, changed, left, more = null }) {
  const id = fresh();
  const control = CONTROLS[question.input]({ id, question, value, words, year, changed, left });
  const hint = make("p", { class: "ap-f-hint", id: `${id}-hint` });
  const fault = make("div", { class: "ap-f-faults", id: `${id}-fault` });
  const name = control.single ? make("label", { for: id, id: `${id}-name`, class: "ap-f-name" }) : make("legend", { class: "ap-f-name" });
  const element = control.single
    ? make("div", { class: "ap-f-field" }, name, hint, fault, control.element, more)
    : make("fieldset", { class: "ap-f-field" }, name, hint, fault, control.element, more);
  element.dataset.key = question.key;
  element.addEventListener("focusout", (event) => {
    const next = /** @type {Element | null} */ (/** @type {FocusEvent} */ (event).relatedTarget);
    if (!next?.matches("input, textarea") || !element.contains(next)) left();
  });
  /** @param {string} text */
  const take = (text) => {
    control.write(text);
    changed(text, false);
    left();
    control.focus();
  };
  /** @param {boolean} wrong */
  const describe = (wrong) => {
    for (const each of control.described) {
      const ids = [hint.childNodes.length ? hint.id : "", fault.childNodes.length ? fault.id : ""].filter(Boolean);
      each.toggleAttribute("aria-describedby", ids.length > 0);
      if (ids.length) each.setAttribute("aria-describedby", ids.join(" "));
      if (wrong) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
  };
  /** @param {Question} now */
  const update = (now) => {
    fill(name, now.title, now.required ? null : make("small", {}, say(words, "optional")));
    const example = now.example && !now.choices.length
      ? make("span", { class: "ap-f-example" }, say(words, "example", { example: now.example }))
      : null;  // prettier-ignore
    fill(hint, now.help, now.help && example ? say(words, "stop") : null, example);
    hint.hidden = !hint.childNodes.length;
  };
  /** @type {Field["show"]} */
  const show = (told) => {
    const wrong = told.some(({ severity, accepted }) => severity === "error" && !accepted);
    const key = JSON.stringify(told);
    if (fault.dataset.key !== key) {
      fault.dataset.key = key;
      fill(fault, told.map((finding) => wording(finding, words, take)));
    }
    element.classList.toggle("ap-f-wrong", wrong);
    describe(wrong);
  };
  update(question);
  describe(false);
  return { element, key: question.key, focus: control.focus, write: control.write, show, update };
}

/**
 * A finding in the program's own words; what is probably meant is there to be tapped.
 * @param {Finding} finding
 * @param {Group} words
 * @param {((text: string) => void) | null} take
 */
export function wording(finding, words, take) {
  const { text, hint, suggestion, severity, accepted } = finding;
  const level = accepted ? "accepted" : severity;
  const meant = suggestion && take
    ? button(say(words, "take", { value: suggestion }), () => take(suggestion), { class: "ap-f-button ap-f-take" })
    : null;
  return make(
    "div",
    { class: `ap-f-fault ap-f-${level}` },
    make("p", {}, level === "error" ? null : make("b", {}, say(words, level)), text),
    hint ? make("p", { class: "ap-f-hint" }, hint) : null,
    meant,
  );
}
