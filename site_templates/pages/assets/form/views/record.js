/* One record, one page: its questions, what the program says of the answers, and what they bring. */

import { bare, checker, drafts } from "../checking.js";
import { button, fill, make } from "../dom.js";
import { changedPanel } from "../changes.js";
import { begin } from "../drafts.js";
import { panel } from "../effect.js";
import { fields } from "../fields.js";
import { wholeFile } from "../hand-in.js";
import { keep } from "../keeping.js";
import { address, become } from "../route.js";
import { whenStill } from "../still.js";
import { say } from "../words.js";

/** @import { Finding, Page, Plain, View } from "../page.js" */
/** @import { Open } from "../keeping.js" */
/** @import { Checked, Draft, FormView } from "../protocol.js" */

/**
 * A new record: its form, answers to begin with, and a record that it is to be like.
 * @param {Page} page
 * @param {string[]} parts
 */
export async function fresh(page, [form, written, like]) {
  await page.engine.read;
  const start = begin({ form, id: null, values: answers(written), begun: page.data });
  const view = await page.ask({ form, id: null, like: like || null, draft: bare(start), drafts: await drafts(page) });
  start.values = { ...view.values, ...start.values };
  return drawn(page, start, view, "");
}

/**
 * A record that is there: its draft, where somebody began to change it.
 * @param {Page} page
 * @param {string[]} parts
 */
export async function opened(page, [form, id, key = ""]) {
  const there = (await page.drafts.list()).find((one) => one.form === form && one.id === id);
  await page.engine.read;
  if (there) {
    become("draft", there.draft);
    return drafted(page, [there.draft, key]);
  }
  const own = begin({ form, id, values: {}, begun: page.data });
  const view = await page.ask({ form, id, like: null, draft: bare(own), drafts: await drafts(page) });
  own.origin = view.values;
  return drawn(page, own, view, key);
}

/**
 * A draft.
 * @param {Page} page
 * @param {string[]} parts
 */
export async function drafted(page, [name, key = ""]) {
  const draft = await page.drafts.get(name);
  if (!draft) {
    become("overview");
    page.tell(say(page.words.page, "draft_gone"), true);
    return null;
  }
  const { form, id } = draft;
  return drawn(page, draft, await page.ask({ form, id, like: null, draft: bare(draft), drafts: await drafts(page) }), key);
}

/** @param {Plain | undefined} value */
function isEmpty(value) {
  return !value || (typeof value === "object" && !Object.values(value).some(Boolean));
}

/** @param {string | undefined} written @returns {{[key: string]: Plain}} */
function answers(written) {
  try {
    const found = JSON.parse(written || "{}");
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

/**
 * @param {Page} page
 * @param {Open} start
 * @param {FormView} asked
 * @param {string} first key of the question to begin with
 * @returns {View}
 */
function drawn(page, start, asked, first) {
  const words = page.words.page;
  const draft = { ...start, values: { ...start.values }, files: [...start.files] };
  let base = { ...asked.values };
  /** @type {Set<string>} */
  const left = new Set();
  let pressed = false;
  let dirty = false;
  /** @type {Checked | null} */
  let last = null;
  let sections = asked.sections ?? [];

  const value = (/** @type {string} */ key) => (key in draft.values ? draft.values[key] : base[key]);
  /* Nobody is told of a fault while the first word is written; what is empty is one when the person was there. */
  const open = (/** @type {Finding} */ { key, missing }) => {
    const timely = pressed || left.has(key) || (!missing && form.focused() !== key);
    if (missing) return timely && isEmpty(value(key)); // answered since it was asked
    return timely && (form.isWrong(key) || JSON.stringify(draft.values[key]) === JSON.stringify(asked_[key]));
  };
  /** The answers that the last findings are about. @type {Draft["values"]} */
  let asked_ = {};
  const summary = make("div", { class: "ap-f-summary", tabindex: "-1", hidden: true });

  const shown = (/** @type {Checked} */ checked, /** @type {Draft} */ own) => {
    last = checked;
    asked_ = own.values;
    whenStill("checked", tell);
  };
  const tell = () => {
    const checked = last;
    if (!checked) return;
    form.show(checked.findings, open);
    beside.show(checked, open);
    if (!summary.hidden) summarize(checked, false);
  };
  const checks = checker(page, () => draft, { busy: () => beside.busy(), shown, failed: (fault) => beside.failed(fault) });

  const kept = () => {
    if (!dirty) {
      dirty = true;
      if (!window.location.hash.includes(draft.draft)) become("draft", draft.draft);
    }
    keeping.typed();
    checks.soon();
  };
  const form = fields(page, {
    draft: () => draft,
    value,
    changed: (key, answer, composing) => {
      draft.values[key] = answer;
      if (composing) return;
      kept();
      if (steers.has(key)) again();
    },
    left: (key) => {
      if (left.has(key)) return;
      left.add(key);
      whenStill("checked", tell);
    },
    filed: () => {
      form.write();
      kept();
    },
  });
  let steers = new Set(asked.questions.filter((one) => one.steers).map((one) => one.key));
  /* Other questions follow from some answers. */
  let asking = 0;
  const again = async () => {
    if (page.engine.state !== "ready") return;
    asking += 1;
    const turn = asking;
    set.setAttribute("aria-busy", "true");
    const all = await drafts(page);
    const found = await page.engine
      .call("questions", { form: draft.form, id: draft.id, draft: bare(draft), drafts: all })
      .finally(() => turn === asking && set.removeAttribute("aria-busy"));
    if (turn !== asking) return;
    sections = found.sections ?? sections;
    steers = new Set(found.questions.filter((one) => one.steers).map((one) => one.key));
    form.draw(found.questions, sections);
  };

  /** @param {Checked} checked @param {boolean} focus */
  const summarize = (checked, focus) => {
    const wrong = checked.findings.filter((one) => one.severity === "error" && !one.accepted);
    summary.hidden = wrong.length === 0;
    fill(
      summary,
      make("h2", {}, say(words, "open_count", { n: wrong.length })),
      make("ul", {}, wrong.map((one) => make("li", {}, one.key && form.title(one.key)
        ? button(say(words, "at", { title: form.title(one.key), text: one.text }), () => form.goto(one.key), { class: "ap-f-link" })
        : one.text))),
      button(say(words, "check_anyway"), () => page.go("review"), { class: "ap-f-button" }),
    );  // prettier-ignore
    if (focus && wrong.length) {
      summary.focus();
      summary.scrollIntoView({ block: "start" });
    }
    return wrong.length;
  };
  const next = async () => {
    pressed = true;
    await keeping.flush();
    if (page.engine.state !== "ready" || !dirty) return page.go("review");
    await checks.now();
    return last && summarize(last, true) ? undefined : page.go("review");
  };

  const beside = panel(page, { next, goto: (key) => form.goto(key), titles: (key) => form.title(key) });
  const keeping = keep(page, {
    draft,
    current: () => draft,
    locked: (still) => {
      set.disabled = still;
    },
    replace: (other) => {
      draft.draft = other.draft;
      draft.values = { ...other.values };
      draft.files = [...other.files];
      form.write();
      void again();
      checks.soon();
    },
    gone: () => page.go("overview"),
  });

  const ready = () => {
    if (page.engine.state !== "ready") return;
    if (!draft.begun.data) draft.begun = page.data; // begun before anybody knew
    void again();
    void checks.now();
  };
  page.engine.addEventListener("state", ready);
  form.draw(asked.questions, sections);

  const set = make("fieldset", { class: "ap-f-bare" }, form.element);
  const box = make("form", { class: "ap-f-form", novalidate: true, on: { submit: (/** @type {Event} */ event) => event.preventDefault() } },
    set);  // prettier-ignore
  const closed = asked.whole ?? null;
  const filed = page.engine.before.overview?.records?.find((one) => one.form === draft.form && one.id === draft.id);
  return {
    title: filed?.title ?? asked.title,
    above: make("p", { class: "ap-crumbs" }, make("a", { href: address("overview") }, say(words, "back_to", { title: page.branch.name })),
      filed ? ` · ${asked.title}` : null),
    step: "fill",
    body: closed
      ? [wholeFile(page, { draft: draft.draft, ...closed, done: () => page.reload() }), readOnly(asked, words)]
      : [likes(asked, words), summary, changes(), box, keeping.element].filter((one) => one !== null),
    aside: closed ? null : beside.aside,
    bar: closed ? null : beside.bar,
    stands: () => {
      if (first) form.goto(first);
      ready();
    },
    leave: async () => {
      page.engine.removeEventListener("state", ready);
      checks.close();
      form.close();
      await keeping.flush();
      keeping.close();
    },
  };

  /** What has changed in the branch's files since the draft began. */
  function changes() {
    if (!draft.begun.data || !page.data.data) return null;
    return changedPanel(page, {
      draft,
      now: draft.id ? asked.values : null,
      data: page.data,
      questions: asked.questions,
      use: (key, answer) => {
        draft.values[key] = answer;
        base = { ...base, [key]: answer };
        form.write();
        kept();
      },
      seen: (begun, origin) => {
        Object.assign(draft, { begun, origin });
        kept();
      },
    });
  }
}

/** @param {FormView} asked @param {import("../page.js").Group} words */
function likes(asked, words) {
  if (asked.id || !asked.likes.length) return null;
  return make("details", { class: "ap-f-section ap-f-likes" }, make("summary", {}, say(words, "like_before")),
    make("p", { class: "ap-f-hint" }, say(words, "like_hint")),
    make("ul", { class: "ap-f-plain" }, asked.likes.map((one) => (
      make("li", {}, make("a", { href: address("new", asked.form, "", one.id) }, one.title))
    ))));  // prettier-ignore
}

/** What can be seen of a record before the branch's own file is there. @param {FormView} asked @param {import("../page.js").Group} words */
function readOnly(asked, words) {
  const rows = asked.questions.map(({ key, title, choices }) => {
    const value = asked.values[key];
    const hidden = asked.withheld.includes(key);
    const named = (/** @type {string} */ one) => choices.find(({ id }) => id === one)?.title ?? one;
    const told = Array.isArray(value) ? value.map(named).join(say(words, "comma"))
      : typeof value === "string" ? named(value) : value ? Object.values(value).join(" / ") : "";  // prettier-ignore
    return hidden || told ? make("div", {}, make("dt", {}, title), make("dd", {}, hidden ? say(words, "withheld") : told)) : null;
  });
  return make("dl", { class: "ap-f-values" }, rows);
}
