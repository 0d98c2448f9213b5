/* What this filing does: figures as they are and as they would be, what is to be mended, what else would help. */

import { button, fill, fresh, make } from "./dom.js";
import { address } from "./route.js";
import { waiting } from "./waiting.js";
import { say } from "./words.js";

/** @import { Effect, Finding, Page } from "./page.js" */
/** @import { Checked, Mending, Missing, Open, Told } from "./protocol.js" */

/** As many things that would help besides are named. */
const MOST = 3;

/**
 * Figures as a list: what changes is in bold.
 * @param {Page} page
 * @param {Effect[]} effects
 */
export function figures(page, effects) {
  const rows = effects.map(({ title, before, after }) => {
    const same = before === after;
    const figure = same ? [after] : [make("span", {}, before), ` ${say(page.words.page, "arrow")} `, make("b", {}, after)];
    const row = make("div", { class: same ? "ap-f-same" : "" }, make("dt", {}, title), make("dd", {}, figure));
    return row;
  });
  return make("dl", { class: "ap-f-effect" }, rows);
}

/**
 * One line of it to be read out, or to stand in the bar.
 * @param {Page} page
 * @param {Effect[]} effects
 */
export function lead(page, effects) {
  return effects.find((one) => one.lead) ?? effects.find((one) => one.before !== one.after) ?? effects[0] ?? null;
}

/**
 * What would help besides, in one line each.
 * @param {Page} page
 * @param {Missing[]} missing
 */
export function besides(page, missing) {
  const words = page.words.page;
  const worth = missing.filter(({ gain }) => gain);
  return worth.slice(0, MOST).map(({ title, gain, form, id, values, key }) => {
    const name = form ? make("a", { href: address(...mending({ form, id, values, key })) }, title) : title;
    return make("li", { class: "ap-f-mend" }, make("span", {}, name), make("b", {}, say(words, "plus", { gain: gain ?? "" })));
  });
}

/**
 * The address of the form that mends something.
 * @param {Mending} to
 */
export function mending({ form, id, values, key }) {
  if (id) return ["open", form, id, ...(key ? [key] : [])];
  return ["new", form, ...(values && Object.keys(values).length ? [JSON.stringify(values)] : [])];
}

/**
 * What is the matter elsewhere: said, with the way there, and not in red.
 * @param {Page} page
 * @param {Open} one
 */
export function elsewhere(page, one) {
  const { draft, key = "", text, hint } = one;
  const go = draft ? make("a", { href: address("draft", draft, ...(key ? [key] : [])) }, say(page.words.page, "go_mend")) : null;
  return make("li", { class: "ap-f-mend" }, make("span", {}, text, hint ? make("small", {}, hint) : null), go);
}

/**
 * Beside the form: everything. At the foot of a narrow screen: the one figure, and how much is to be mended.
 * @param {Page} page
 * @param {{next: () => unknown, goto: (key: string) => void, titles: (key: string) => string}} given
 */
export function panel(page, { next, goto, titles }) {
  const words = page.words.page;
  const heading = make("h2", { id: fresh(), tabindex: "-1" }, say(words, "what_it_does"));
  const block = make("div", { class: "ap-f-block" });
  const note = make("p", { class: "ap-f-hint" });
  const rest = make("div", {});
  const figure = make("span", { class: "ap-f-lead" });
  const count = make("span", { class: "ap-f-open" });
  const look = make("button", { type: "button", class: "ap-f-look" }, figure, count);
  look.addEventListener("click", () => {
    heading.focus();
    heading.scrollIntoView({ block: "start" });
  });
  const go = () => button(say(words, "next_check"), next, { class: "ap-f-button ap-f-main" });
  const aside = make("aside", { class: "ap-f-aside", "aria-labelledby": heading.id }, heading, waiting(page), block, note, rest, go());
  const bar = make("div", { class: "ap-f-bar", role: "group", "aria-label": say(words, "what_it_does") }, look, go());
  fill(figure, say(words, "waits_short"));

  let said = "";
  /** @param {Checked} checked @param {(finding: Finding) => boolean} open whether a missing answer is told by now */
  const show = (checked, open) => {
    block.removeAttribute("aria-busy");
    fill(block, checked.effect.length ? figures(page, checked.effect) : make("p", {}, say(words, "no_effect")));
    fill(note, say(words, "computed_here", { day: page.data.day }));
    const wrong = checked.findings.filter((one) => one.severity === "error" && !one.accepted && open(one));
    const unfilled = checked.findings.filter((one) => one.missing && !open(one));
    fill(
      rest,
      part(say(words, "to_mend"), wrong.map((one) => mend(one))),
      part(say(words, "not_yet"), unfilled.map((one) => mend(one))),
      part(say(words, "elsewhere"), checked.others.filter(pressing).map((one) => elsewhere(page, one))),
      part(say(words, "could_add"), besides(page, checked.missing)),
      part(say(words, "later"), checked.pending.map((text) => make("li", {}, text))),
      folded(page, checked.others.filter((one) => !pressing(one))),
    );
    const one = lead(page, checked.effect);
    if (one) {
      const changes = one.before !== one.after;
      fill(figure, `${one.title} `, changes ? [one.before, ` ${say(words, "arrow")} `] : null, make("b", {}, one.after));
    } else {
      fill(figure, say(words, "no_effect"));
    }
    const open_ = wrong.length;
    fill(count, open_ ? say(words, "open_count", { n: open_ }) : unfilled.length ? say(words, "unfilled_count", { n: unfilled.length }) : "");
    count.classList.toggle("ap-f-red", open_ > 0);
    const now = `${figure.textContent}${say(words, "stop")}${count.textContent}`;
    if (now !== said) {
      said = now;
      page.tell(now);
    }
  };

  /** @param {Finding} finding */
  const mend = (finding) => {
    const title = titles(finding.key);
    return make("li", { class: "ap-f-mend" },
      make("span", {}, finding.missing && title ? title : finding.text),
      finding.key && title ? button(say(words, finding.missing ? "go_fill" : "go_mend"), () => goto(finding.key), {
        class: "ap-f-link", "aria-label": say(words, finding.missing ? "go_fill_title" : "go_mend_title", { title }) }) : null);  // prettier-ignore
  };

  return {
    aside,
    bar,
    show,
    busy: () => block.setAttribute("aria-busy", "true"),
    failed: (/** @type {Error} */ fault) => {
      block.removeAttribute("aria-busy");
      fill(block, make("p", { role: "alert" }, say(words, "broken"), make("br"), fault.message));
    },
  };
}

/**
 * A heading and what stands below it; nothing where nothing does.
 * @param {string} title
 * @param {HTMLElement[]} items
 */
export function part(title, items) {
  return items.length ? make("section", {}, make("h3", {}, title), make("ul", { class: "ap-f-plain" }, items)) : null;
}

/** Whether something elsewhere is to be told at once. @param {Open} one */
const pressing = ({ severity, accepted, draft }) => Boolean(draft) || (severity === "error" && !accepted);

/** What may be read by whoever wants to. @param {Page} page @param {Open[]} found */
function folded(page, found) {
  if (!found.length) return null;
  const summary = make("summary", {}, say(page.words.page, "notices", { n: found.length }));
  return make("details", { class: "ap-f-section" }, summary, make("ul", { class: "ap-f-plain" }, found.map((one) => elsewhere(page, one))));
}

/**
 * Those that must be mended.
 * @template {Told} T
 * @param {T[]} found
 */
export const errors = (found) => found.filter(({ severity, accepted }) => severity === "error" && !accepted);
