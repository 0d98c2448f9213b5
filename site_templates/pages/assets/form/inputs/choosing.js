/* Few choices stand beside each other; many are a list that is opened, with a search above it. Where titles are short the first
   ones of many stand before the list.

   Both are radio buttons or boxes to tick, as the browser knows them: arrow keys, space and a screen reader work by themselves. */

import { fill, fresh, make } from "../dom.js";
import { say } from "../words.js";

/** @import { Choice, Control, Making } from "../page.js" */

/** As many choices, and as many signs in them, stand beside each other on a phone. */
const FEW = 4;
const SIGNS = 22;
/** As many stand before a list, with at most so many signs. */
const FRONT = 3;
const FRONT_SIGNS = 15;
/** As many of a list are seen at once before a search is needed. */
const SEEN = 7;

/**
 * @param {Making} making
 * @returns {Control}
 */
export function choosing(making) {
  const { choices } = making.question;
  const plain = !choices.some(({ note }) => note);
  if (plain && choices.length <= FEW && signs(choices) <= SIGNS) return segments(making);
  return list(making, plain && signs(choices.slice(0, FRONT)) <= FRONT_SIGNS && choices.length > FEW ? FRONT : 0);
}

/** @param {Choice[]} choices */
function signs(choices) {
  return choices.reduce((sum, { title }) => sum + Math.max(title.length, 2), 0);
}

/**
 * What is chosen, as a list of ids.
 * @param {Making} making
 * @param {unknown} value
 */
function chosen({ question }, value) {
  const given = Array.isArray(value) ? value : typeof value === "string" && value ? [value] : [];
  return new Set(given.map((one) => known(question.choices, one)));
}

/**
 * The id of a choice that is named by its id or its title; what is neither stays.
 * @param {Choice[]} choices
 * @param {string} name
 */
function known(choices, name) {
  const found = choices.find(({ id }) => id === name) ?? choices.find(({ title }) => title === name);
  return found ? found.id : name;
}

/**
 * Radio buttons or boxes, by choice, that know what is chosen.
 * @param {Making} making
 */
function boxes(making) {
  const { question } = making;
  const name = fresh();
  const taken = chosen(making, making.value);
  /** @type {Map<string, HTMLInputElement>} */
  const inputs = new Map();
  const read = () => {
    const on = [...inputs].filter(([, input]) => input.checked).map(([id]) => id);
    return question.several ? on : (on[0] ?? "");
  };
  for (const { id } of question.choices) {
    const type = question.several ? "checkbox" : "radio";
    const input = make("input", { type, name, id: fresh(), value: id, checked: taken.has(id) });
    input.addEventListener("change", () => making.changed(read(), false));
    inputs.set(id, input);
  }
  const write = (/** @type {unknown} */ value) => {
    const now = chosen(making, value);
    for (const [id, input] of inputs) input.checked = now.has(id);
  };
  return { inputs, write, read };
}

/**
 * @param {Making} making
 * @returns {Control}
 */
function segments(making) {
  const { question } = making;
  const { inputs, write, read } = boxes(making);
  const cells = side(question.choices, inputs);
  /* What need not be answered is taken back by a second tap, or by the key that takes things away. */
  const back = (/** @type {HTMLInputElement} */ input) => {
    input.checked = false;
    making.changed("", false);
  };
  let was = read();
  for (const input of question.required || question.several ? [] : inputs.values()) {
    input.addEventListener("click", () => {
      if (was === read()) back(input);
      was = read();
    });
    input.addEventListener("keydown", ({ key }) => {
      if (["Backspace", "Delete"].includes(key)) back(input);
      was = read();
    });
  }
  return {
    element: make("div", { class: "ap-f-row" }, cells),
    single: false,
    described: [...inputs.values()],
    focus: () => ([...inputs.values()].find((input) => input.checked) ?? [...inputs.values()][0])?.focus(),
    write: (value) => {
      write(value);
      was = read();
    },
  };
}

/**
 * Choices beside each other.
 * @param {Choice[]} choices
 * @param {Map<string, HTMLInputElement>} inputs
 */
function side(choices, inputs) {
  return choices.map(({ id, title }) => {
    const input = /** @type {HTMLInputElement} */ (inputs.get(id));
    return make("div", {}, input, make("label", { for: input.id }, title));
  });
}

/**
 * A line that says what is chosen and opens the list; before it stand the first choices, as many as `front`.
 * @param {Making} making
 * @param {number} front
 * @returns {Control}
 */
function list(making, front) {
  const { question, words } = making;
  const { inputs, write, read } = boxes(making);
  const panel = make("div", { class: "ap-f-list", id: fresh(), hidden: true });
  const shown = make("span", { id: fresh() });
  const opener = make(
    "button",
    {
      type: "button", class: front ? "ap-f-opener" : "ap-f-input ap-f-opener", "aria-expanded": "false", "aria-controls": panel.id,
      id: making.id, "aria-labelledby": front ? null : `${making.id}-name ${shown.id}`,
    },  // prettier-ignore
    shown,
  );
  const rows = question.choices.slice(front).map(({ id, title, note }) => {
    const input = /** @type {HTMLInputElement} */ (inputs.get(id));
    const label = make("label", { for: input.id }, make("span", {}, title), note ? make("small", {}, note) : null);
    return { row: make("li", {}, input, label), sought: `${title} ${note} ${id}`.toLowerCase(), title, id };
  });
  const none = make("p", { class: "ap-f-none", hidden: true }, say(words, "nothing_found"));
  const search = make("input", {
    type: "search", class: "ap-f-input", autocomplete: "off", "aria-label": say(words, "search_in", { title: question.title }),
    placeholder: say(words, "search"),
  });  // prettier-ignore
  search.addEventListener("input", () => {
    const sought = search.value.trim().toLowerCase();
    let found = 0;
    for (const { row, sought: text } of rows) {
      row.hidden = !text.includes(sought);
      found += row.hidden ? 0 : 1;
    }
    none.hidden = found > 0;
  });
  const cells = side(question.choices.slice(0, front), inputs);
  const done = make("button", { type: "button", class: "ap-f-button" }, say(words, "done"));
  const without = make("button", { type: "button", class: "ap-f-link" }, say(words, "unchoose"));
  fill(
    panel,
    rows.length > SEEN ? search : null,
    make("ul", {}, rows.map(({ row }) => row)),
    none,
    make("div", { class: "ap-f-actions" }, done, without),
  );
  const tell = () => {
    const now = new Set([read()].flat());
    const titles = rows.filter(({ id }) => now.has(id)).map(({ title }) => title);
    const nothing = say(words, front ? "others" : rows.length ? "choose" : "no_choices");
    fill(shown, titles.length ? titles.join(say(words, "comma")) : nothing);
    opener.classList.toggle("ap-f-on", titles.length > 0);
    without.hidden = question.required || !now.size || now.has("");
  };
  const open = (/** @type {boolean} */ wide) => {
    panel.hidden = !wide;
    opener.setAttribute("aria-expanded", String(wide));
  };
  opener.addEventListener("click", () => {
    open(Boolean(panel.hidden));
    if (panel.hidden) return;
    const own = rows.map(({ id }) => inputs.get(id));
    (rows.length > SEEN ? search : (own.find((input) => input?.checked) ?? own[0]))?.focus();
  });
  const close = () => {
    open(false);
    opener.focus();
    making.left();
  };
  done.addEventListener("click", close);
  without.addEventListener("click", () => {
    write(question.several ? [] : "");
    making.changed(question.several ? [] : "", false);
    tell();
    close();
  });
  let pointing = false;
  panel.addEventListener("pointerdown", () => (pointing = true));
  panel.addEventListener("keydown", (event) => {
    pointing = false;
    if (event.target === done || event.target === without || !["Escape", "Enter"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter" && event.target === search) take();
    close();
  });
  const take = () => {
    const first = search.value.trim() && rows.find(({ row }) => !row.hidden);
    if (first && !inputs.get(first.id)?.checked) inputs.get(first.id)?.click();
  };
  for (const input of inputs.values()) {
    input.addEventListener("change", tell);
    /* A tap on one of which there can be one is all: by keys one goes through them. */
    input.addEventListener("click", () => pointing && !question.several && !panel.hidden && panel.contains(input) && close());
  }
  tell();
  return {
    element: front
      ? make("div", { class: "ap-f-chooser" }, make("div", { class: "ap-f-row" }, cells, make("div", {}, opener)), panel)
      : make("div", { class: "ap-f-chooser" }, opener, panel),
    single: !front,
    described: front ? [...inputs.values()].slice(0, front) : [opener],
    focus: () => (front ? [...inputs.values()][0] : opener).focus(),
    write: (value) => {
      write(value);
      tell();
    },
  };
}
