/* The form: which branch, its drafts, the program, and the view that the address names. */

import { fill, make } from "./dom.js";
import { openDrafts } from "./drafts.js";
import { kept, remember } from "./mine.js";
import { Program } from "./program.js";
import { address, current } from "./route.js";
import { steps } from "./steps.js";
import { choose } from "./views/choose.js";
import { handing } from "./views/handing.js";
import { like } from "./views/like.js";
import { overview } from "./views/overview.js";
import { drafted, fresh, opened } from "./views/record.js";
import { review } from "./views/review.js";
import { waiting } from "./waiting.js";
import { wechatNotice } from "./wechat.js";
import { say } from "./words.js";

/** @import { Mine } from "./mine.js" */
/** @import { Config, Page, View } from "./page.js" */

/** @type {{[view: string]: (page: Page, parts: string[]) => View | null | Promise<View | null>}} */
const VIEWS = {
  "overview": overview,
  "new": fresh,
  "open": opened,
  "draft": drafted,
  "like": like,
  "review": review,
  "hand-in": handing,
};

const box = /** @type {HTMLElement} */ (document.getElementById("ap-form"));
const settings = document.getElementById("ap-form-settings")?.textContent ?? "{}";
/** @type {Config} */
const config = JSON.parse(settings);
const { words } = config;
const root = new URL(config.up || ".", window.location.href).href;
const name = document.title;
const heading = make("h1", { id: "__top", tabindex: "-1", class: "ap-f-heading" });
const polite = make("div", { class: "ap-unseen", "aria-live": "polite" });
const urgent = make("div", { class: "ap-unseen", "aria-live": "assertive" });
const notices = make("div", {});
const frame = make("div", { class: "ap-f-view" });

/** @param {string} text @param {boolean} [now] */
function tell(text, now = false) {
  fill(now ? urgent : polite, text);
}

/** The form takes its place with its first view: what stands there without it was not shown before. */
function appear() {
  const { classList } = document.documentElement;
  if (classList.contains("ap-f-running")) return;
  classList.add("ap-f-running");
  document.querySelector(".ap-f-head")?.remove();
  fill(box, wechatNotice(), notices, frame, polite, urgent);
}

/**
 * Put a view into the page.
 * @param {View} view
 * @param {Page | null} page
 */
function show(view, page) {
  appear();
  frame.dataset.at = window.location.hash;
  fill(heading, view.title);
  document.title = `${view.title} - ${name}`;
  const main = make("div", { class: "ap-f-main-part" }, view.above, heading, view.below,
    view.step && page ? steps(page, view.step) : null, view.body);  // prettier-ignore
  document.documentElement.classList.toggle("ap-f-choosing", !page);
  frame.classList.toggle("ap-f-two", Boolean(view.aside));
  fill(frame, main, view.aside, view.bar);
  document.documentElement.classList.toggle("ap-f-barred", Boolean(view.bar));
  view.stands?.();
}

/** @param {Page} page */
async function follow(page) {
  let turn = 0;
  let entered = false;
  /** @type {View | null} */
  let shown = null;
  const enter = async () => {
    turn += 1;
    const own = turn;
    const { view: asked, parts } = current();
    await shown?.leave?.();
    shown = null;
    const found = Object.hasOwn(VIEWS, asked) ? VIEWS[asked] : overview;
    const making = Promise.resolve().then(() => found(page, parts));
    const slow = window.setTimeout(() => own === turn && show(wait(page), page), 100);
    try {
      const view = await making;
      window.clearTimeout(slow);
      if (own !== turn) return view?.leave?.();
      shown = view ?? overview(page);
    } catch (fault) {
      window.clearTimeout(slow);
      if (own !== turn) return undefined;
      shown = failed(page, /** @type {Error} */ (fault));
    }
    show(shown, page);
    if (entered && !box.contains(focused())) {
      heading.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    entered = true;
    return undefined;
  };
  page.reload = () => void enter();
  window.addEventListener("hashchange", enter);
  await enter();
}

/** What has the focus, the page itself apart. */
function focused() {
  return document.activeElement === document.body ? null : document.activeElement;
}

/** @param {Page} page @returns {View} */
function wait(page) {
  const body = waiting(page);
  body.setAttribute("aria-busy", "true");
  return { title: page.branch.name, step: "fill", body: [body] };
}

/** @param {Page} page @param {Error} fault @returns {View} */
function failed(page, fault) {
  const back = make("a", { href: address("overview") }, say(words.page, "back_to", { title: page.branch.name }));
  return {
    title: say(words.page, "not_shown"),
    above: make("p", { class: "ap-crumbs" }, back),
    step: null,
    body: [make("p", { class: "ap-alert", role: "alert" }, fault.message)],
  };
}

/** The branches to choose from; where they are many they stand in the bundle of all. @returns {Promise<Mine[]>} */
async function branches() {
  if (config.branches) return config.branches;
  const answer = await fetch(config.bundles.shared).catch(() => null);
  return answer?.ok ? ((await answer.json()).branches ?? []) : [];
}

/** The styles of the form lie beside its scripts: nothing of it is shown before they are there. */
function styled() {
  return new Promise((resolve) => {
    const link = make("link", { rel: "stylesheet", href: new URL("form.css", import.meta.url).href });
    for (const event of ["load", "error"]) link.addEventListener(event, resolve);
    document.head.append(link);
  });
}

async function start() {
  document.documentElement.classList.add("ap-f-coming");
  await styled();
  const asked = new URLSearchParams(window.location.search).get("branch");
  const id = asked ?? kept(root)?.id ?? "";
  const all = await branches();
  const branch = all.find((one) => one.id === id);
  if (!branch) {
    show(choose(all, config), null);
    if (asked) tell(say(words.page, "unknown_branch"));
    return;
  }
  remember(root, branch);
  const { year, lang } = config;
  const engine = new Program(config, branch.id);
  const drafts = await openDrafts({ root, branch: branch.id, year });
  const page = /** @type {Page} */ ({
    words, config, engine, drafts, branch, year, lang, root, tell, notices,
    get data() {
      return engine.data;
    },
    go: (...parts) => void (window.location.hash = address(...parts)),
    reload: () => {},
    ask: (args) => engine.form(args),
  });  // prettier-ignore
  engine.begin(() => drafts.restore(engine));
  await follow(page);
}

try {
  await start();
} catch (fault) {
  document.documentElement.classList.add("ap-f-out");
  throw fault;
}
