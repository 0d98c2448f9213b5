/* A page of one record for tests: the real modules of the form, and a program that a test can watch. */

import { changedPanel } from "./form/changes.js";
import { begin, openDrafts } from "./form/drafts.js";
import { make } from "./form/dom.js";
import { filesPanel } from "./form/files.js";
import { handInView } from "./form/hand-in.js";
import { keep } from "./form/keeping.js";
import { wholeFile } from "./form/hand-in.js";
import { wechatNotice } from "./form/wechat.js";
import { archived } from "./form/zip.js";

const settings = JSON.parse(document.getElementById("ap-form-settings").textContent);
const main = document.querySelector("main");

/** Takes off what a test says; refuses names with "bad"; keeps what it was given. */
class Program extends EventTarget {
  state = "idle";
  calls = [];
  attached = new Map();

  become(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  async there() {}

  async call(name, args, bytes) {
    this.calls.push([name, args, bytes?.length ?? 0]);
    if (name === "attach") {
      this.attached.set(args.name, bytes);
      const findings = args.name.includes("bad") ? [{ severity: "error", code: "X", text: "no good", hint: "", suggestion: "", accepted: "" }] : [];
      return { name: args.name, size: bytes.length, kept: !findings.length, kind: "kind", key: "photos", findings, cleaned: ["place"], bytes };
    }
    if (name === "package") {
      const entries = [...this.attached].map(([file, data]) => ({ path: `branches/demo-a/2026/activities/x/${file}`, bytes: data }));
      const text = new TextEncoder().encode(JSON.stringify(args.drafts));
      entries.unshift({ path: "package.json", bytes: text });
      const data = new Uint8Array(await archived(entries).arrayBuffer());
      return { name: "demo-a-2026-01234567.zip", size: data.length, digest: "0123456789abcdef", bytes: data };
    }
    return {};
  }
}

const questions = [
  { key: "title", title: "Title", input: "text", choices: [], parts: [] },
  { key: "photos", title: "Photos", input: "files", choices: [], parts: [] },
  { key: "plan", title: "Plan", input: "file", choices: [], parts: [] },
];
const data = { day: "2026-12-01", data: "one", ...Object.fromEntries(new URLSearchParams(location.search)) };
const notices = make("div");
const words = settings.words;
const page = {
  words, config: settings, engine: new Program(), branch: { id: "demo-a", name: "A" }, year: 2026, notices,
  told: [], tell: (text) => page.told.push(text), data,
  drafts: await openDrafts({ root: location.href, branch: "demo-a", year: 2026 }),
};

/** The view of one draft: a title to type, its files, what is kept. */
function view(draft) {
  const input = make("input", { id: "title", value: draft.values.title ?? "" });
  const fields = make("fieldset", {}, input);
  const keeper = keep(page, {
    draft,
    current: () => draft,
    replace: (other) => {
      Object.assign(draft, structuredClone(other));
      input.value = draft.values.title ?? "";
    },
    locked: (still) => { fields.disabled = still; },
    gone: () => main.replaceChildren("gone"),
  });
  const panel = filesPanel(page, { draft, questions, title: "Files", value: (key) => draft.values[key], changed: () => keeper.typed() });
  input.addEventListener("input", () => { draft.values.title = input.value; keeper.typed(); });
  const changed = changedPanel(page, {
    draft, now: draft.id ? { title: data.now ?? "as it was" } : null, data, questions,
    use: (key, value) => { draft.values[key] = value; input.value = value; keeper.typed(); },
    seen: (begun, origin) => { Object.assign(draft, { begun, origin }); keeper.typed(); },
  });
  main.replaceChildren(...[wechatNotice(), changed, fields, panel.element, keeper.element].filter(Boolean));
  Object.assign(window, { draft, keeper, panel });
}

const [first] = await page.drafts.list();
const fresh = () => begin({ form: "activity", id: data.id ?? null, values: {}, origin: data.id ? { title: "as it was" } : null, begun: { day: data.day, data: data.data } });
view(first ? await page.drafts.get(first.draft) : fresh());
document.body.prepend(notices);
Object.assign(window, {
  page, view, fresh,
  handIn: () => main.replaceChildren(handInView(page, { promises: ["promise"] }, [window.draft])),
  whole: () => main.replaceChildren(wholeFile(page, { draft: window.draft.draft, path: "branches/demo-a/2026/a.yml", done: () => main.append("done") })),
  ready: () => page.engine.become("ready"),
});
document.body.dataset.there = "yes";
