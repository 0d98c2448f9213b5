/* Main has changed while a draft lay here: what is new there, what the draft says, and the choice between both. */

import { button, fill, make } from "./dom.js";
import { say } from "./words.js";

/** @import { Page } from "./page.js" */
/** @import { Draft, Plain, Question } from "./protocol.js" */
/** @import { Begun, Values } from "./store.js" */

/** @typedef {Draft & {begun: Begun, origin: Values | null}} Open */

/**
 * An answer that is another one on main since the draft began: how it was, is there now, and stands in the draft.
 * @typedef {{key: string, title: string, was: Plain, now: Plain, mine: Plain}} Change
 */

/**
 * What is another answer on main than when the draft began, and another one than the draft's.
 * @param {Open} draft
 * @param {Values} now the answers of the record as main has them
 * @param {Question[]} questions
 * @returns {Change[]}
 */
export function changes(draft, now, questions) {
  const { origin, values } = draft;
  if (!origin) return [];
  return questions.flatMap(({ key, title }) => {
    const [was, is] = [origin[key] ?? null, now[key] ?? null];
    const mine = key in values ? values[key] : was;
    return same(was, is) || same(is, mine) ? [] : [{ key, title, was, now: is, mine }];
  });
}

/**
 * @param {Plain} one
 * @param {Plain} other
 */
function same(one, other) {
  return written(one) === written(other);
}

/**
 * A text that two equal answers have in common: the order of parts means nothing, nor does an empty one.
 * @param {Plain} value
 */
function written(value) {
  if (value === null || value === "" || (Array.isArray(value) && !value.length)) return "";
  if (typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).filter(([, part]) => part !== "").sort());
}

/**
 * An answer as people read it: choices by their titles.
 * @param {Page} page
 * @param {Question} question
 * @param {Plain} value
 */
function shown(page, question, value) {
  const comma = say(page.words.drafts, "comma");
  const title = (/** @type {string} */ id) => question.choices.find((choice) => choice.id === id)?.title ?? id;
  if (value === null || written(value) === "") return say(page.words.drafts, "blank");
  if (typeof value === "string") return title(value);
  if (Array.isArray(value)) return value.map(title).join(comma);
  const name = (/** @type {string} */ part) => question.parts.find((one) => one.name === part)?.title ?? part;
  return Object.entries(value).filter(([, text]) => text !== "").map(([part, text]) => `${name(part)} ${text}`).join(comma);
}

/**
 * Tell what has changed since a draft was begun; null where nothing has. `use` takes main's answer over; `seen` is called with
 * what the draft begins with from now on, when the person has been through it.
 * @param {Page} page
 * @param {{draft: Open, now: Values | null, data: Begun, questions: Question[], use: (key: string, value: Plain) => void,
 *   seen: (begun: Begun, origin: Values | null) => void}} given `now` is null where the record is no longer there
 * @returns {HTMLElement | null}
 */
export function changedPanel(page, { draft, now, data, questions, use, seen }) {
  if (!older([draft], data).length) return null;
  const words = page.words.drafts;
  const gone = draft.id !== null && now === null;
  const found = now ? changes(draft, now, questions) : [];
  const element = make("div", { class: "ap-f-alert ap-f-changed", role: "status" });
  const ok = button(say(words, "seen"), () => {
    element.remove();
    seen(data, now ?? draft.origin);
  });
  const rows = found.map((change) => row(page, questions, change, use));
  const lead = gone ? "record_gone" : found.length ? "record_changed" : "data_changed";
  fill(
    element,
    make("p", {}, say(words, lead, { was: draft.begun.day, now: data.day, n: found.length })),
    rows.length ? make("dl", { class: "ap-f-changes" }, rows) : null,
    make("p", { class: "ap-f-ways" }, ok),
  );
  return element;
}

/**
 * @param {Page} page
 * @param {Question[]} questions
 * @param {Change} change
 * @param {(key: string, value: Plain) => void} use
 */
function row(page, questions, { key, title, was, now, mine }, use) {
  const words = page.words.drafts;
  const question = questions.find((one) => one.key === key);
  if (!question) return null;
  const text = (/** @type {Plain} */ value) => shown(page, question, value);
  const said = make("dd", {}, say(words, "values", { was: text(was), now: text(now), mine: text(mine) }));
  /** @type {(word: string) => void} */
  const done = (word) => fill(ways, make("span", { class: "ap-f-hint" }, say(words, word)));
  /** @type {HTMLElement} */
  const ways = make(
    "dd",
    { class: "ap-f-ways" },
    button(say(words, "use_now"), () => {
      use(key, now);
      done("used_now");
    }),
    button(say(words, "keep_mine"), () => done("kept_mine")),
  );
  return [make("dt", {}, title), said, ways];
}

/**
 * Drafts that were begun with other data than there is now; with which, is not known before the program is there.
 * @template {{begun: Begun}} T
 * @param {T[]} drafts
 * @param {Begun} data
 */
export function older(drafts, data) {
  return drafts.filter(({ begun }) => begun.data && data.data && begun.data !== data.data);
}
