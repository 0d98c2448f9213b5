/* The questions of one record, in their order and under their headings; they follow from the answers. */

import { button, fill, make } from "./dom.js";
import { answered, field, wording } from "./field.js";
import { filesPanel } from "./files.js";
import { sheetButton } from "./sheet.js";
import { say } from "./words.js";

/** @import { Field, Finding, Page, Plain, Question } from "./page.js" */
/** @import { Draft, Section } from "./protocol.js" */

/**
 * @param {Page} page
 * @param {object} given
 * @param {() => Draft} given.draft the record as it is on the screen
 * @param {(key: string) => Plain | undefined} given.value
 * @param {(key: string, value: Plain, composing: boolean) => void} given.changed
 * @param {(key: string) => void} given.left
 * @param {() => void} given.filed files came or went
 */
export function fields(page, { draft, value, changed, left, filed }) {
  const words = page.words.page;
  const element = make("div", { class: "ap-f-fields" });
  const whole = make("div", { class: "ap-f-faults" });
  /** @type {Map<string, {field: Field, form: string, out: HTMLElement | null}>} */
  const made = new Map();
  /** @type {Map<string, {element: HTMLDetailsElement, inside: HTMLElement}>} */
  const headed = new Map();
  /** @type {ReturnType<typeof filesPanel> | null} */
  let files = null;
  const fileFaults = make("div", { class: "ap-f-faults" });
  const filesBox = make("section", { class: "ap-f-field ap-f-files" });
  const seldom = make("div", {});
  const more = make("details", { class: "ap-f-section" }, make("summary", {}, say(words, "more")), seldom);
  /** @type {Question[]} */
  let asked = [];
  /** @type {Section[]} */
  let drawn = [];
  /** @type {Finding[]} */
  let found = [];
  /** @type {(finding: Finding) => boolean} */
  let shown = () => false;

  /** @param {Question} question */
  const remade = (question) => {
    const { key } = question;
    const form = JSON.stringify([question.input, question.choices, question.parts, question.several, question.instead]);
    const there = made.get(key);
    if (there?.form === form) {
      there.field.update(question);
      mark(key);
      return there.field.element;
    }
    const more = question.instead ? otherwise(question) : question.input === "attendance" ? sheet(key) : null;
    const one = field({
      question, words, more, year: page.year, value: value(key),
      changed: (answer, composing) => changed(key, answer, composing),
      left: () => left(key),
    });  // prettier-ignore
    made.set(key, { field: one, form, out: question.instead ? more : null });
    there?.field.element.replaceWith(one.element);
    mark(key);
    return one.element;
  };

  /** What nobody can answer, or would answer in place of another question. @param {Question} question */
  const hidden = ({ key, required, input, choices }) => {
    const first = asked.find((one) => one.instead === key);
    const other = Boolean(first && value(first.key) !== null && !value(key));
    return other || (["one", "some"].includes(input) && !choices.length && !required);
  };

  /** @param {string} key */
  const sheet = (key) => sheetButton(page, { draft: draft(), key, changed: filed });

  /** A question in whose place another may be answered. @param {Question} question */
  const otherwise = (question) => {
    const toggle = button("", () => {
      const out = value(question.key) === null;
      made.get(question.key)?.field.write("");
      changed(question.key, out ? "" : null, false);
      mark(question.key);
      draw(asked, drawn);
    }, { class: "ap-f-link" });  // prettier-ignore
    return toggle;
  };
  /** @param {string} key */
  const mark = (key) => {
    const one = made.get(key);
    if (!one?.out) return;
    const out = value(key) === null;
    const question = asked.find((each) => each.key === key);
    const other = asked.find((each) => each.key === question?.instead);
    one.field.element.classList.toggle("ap-f-out", out);
    fill(one.out, say(words, out ? "answer_after_all" : "answer_instead", { title: out ? (question?.title ?? "") : (other?.title ?? "") }));
  };

  /** @param {Section} section */
  const heading = (section) => {
    let there = headed.get(section.id);
    if (!there) {
      const inside = make("div", {});
      there = { inside, element: make("details", { class: "ap-f-section", open: !section.computed }) };
      headed.set(section.id, there);
    }
    const lines = section.lines.map((line) => make("p", { class: "ap-f-hint" }, line));
    const summary = make("summary", {}, make("span", { class: "ap-f-name" }, section.title), make("small", {}, section.note));
    fill(there.element, summary, lines, there.inside);
    return there;
  };

  /**
   * Draw questions; what stays keeps its place, its input and the focus.
   * @param {Question[]} questions
   * @param {Section[]} sections
   */
  const draw = (questions, sections) => {
    asked = questions;
    drawn = sections;
    const shown_ = questions.filter((question) => !hidden(question));
    const lastFile = shown_.filter((question) => !answered(question)).at(-1);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const within = new Map(sections.map((section) => [section.id, section]));
    /** @type {Map<HTMLElement, HTMLElement[]>} */
    const places = new Map([[element, [whole]]]);
    for (const question of shown_.filter((one) => answered(one) || one === lastFile)) {
      const section = within.get(question.section);
      const head = section ? heading(section) : null;
      const into = head ? head.inside : question.seldom ? seldom : element;
      if (head && !places.has(into)) places.get(element)?.push(head.element);
      const nodes = places.get(into) ?? [];
      places.set(into, nodes);
      nodes.push(answered(question) ? remade(question) : drawFiles());
    }
    if (places.has(seldom)) places.get(element)?.push(more);
    for (const [into, nodes] of places) arrange(into, nodes);
    const gone = [...made.keys()].filter((key) => !shown_.some((question) => question.key === key));
    for (const key of gone) made.delete(key);
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    show(found, shown);
  };

  const drawFiles = () => {
    const questions = asked.filter((question) => !answered(question));
    if (files) {
      files.update({ draft: draft(), questions, findings: found });
    } else {
      files = filesPanel(page, { draft: draft(), questions, value, title: say(words, "files"), changed: filed });
      fill(filesBox, fileFaults, files.element);
    }
    return filesBox;
  };

  /**
   * Show what the program found, where `open` says that it is time.
   * @param {Finding[]} findings
   * @param {(finding: Finding) => boolean} open
   */
  const show = (findings, open) => {
    found = findings;
    shown = open;
    for (const [key, { field: one }] of made) {
      const own = findings.filter((finding) => finding.key === key);
      one.show(own.filter(open));
    }
    const about = new Set(asked.filter((question) => !answered(question)).map(({ key }) => key));
    const files_ = findings.filter((one) => about.has(one.key));
    const told = files_.filter((one) => !one.file && open(one));
    fill(fileFaults, told.map((one) => wording(one, words, null)));
    filesBox.classList.toggle("ap-f-wrong", told.some(({ severity, accepted }) => severity === "error" && !accepted));
    files?.update({ draft: draft(), questions: asked.filter((question) => !answered(question)), findings: files_ });
    const rest = findings.filter((one) => !about.has(one.key) && !made.has(one.key) && !one.missing);
    fill(whole, rest.map((one) => wording(one, words, null)));
  };

  return {
    element,
    draw,
    show,
    /** @param {string} key */
    goto: (key) => {
      const one = made.get(key);
      const place = one ? one.field.element : filesBox;
      const section = place.closest("details");
      if (section) section.open = true;
      place.scrollIntoView({ block: "center" });
      if (one) one.field.focus();
      else /** @type {HTMLElement | null} */ (filesBox.querySelector("button, input"))?.focus();
    },
    /** Whether a fault stands at a question. @param {string} key */
    isWrong: (key) => made.get(key)?.field.element.classList.contains("ap-f-wrong") ?? false,
    /** Key of the question that is being answered, or "". */
    focused: () => [...made].find(([, one]) => one.field.element.contains(document.activeElement))?.[0] ?? "",
    /** @param {string} key */
    title: (key) => asked.find((question) => question.key === key)?.title ?? "",
    close: () => files?.close(),
    /** Put answers into the inputs as they are now. */
    write: () => {
      for (const [key, { field: one }] of made) {
        one.write(value(key));
        mark(key);
      }
    },
  };
}

/**
 * Put nodes into a place in this order, without moving those that stand right.
 * @param {HTMLElement} into
 * @param {HTMLElement[]} nodes
 */
function arrange(into, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...into.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  nodes.forEach((node, at) => {
    if (into.children[at] !== node) into.insertBefore(node, into.children[at] ?? null);
  });
}
