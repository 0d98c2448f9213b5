/* Attendance from a sign-in sheet: the program counts, the counts are kept, the sheet and its names are not. */

import { fill, make } from "./dom.js";
import { told } from "./faults.js";
import { say } from "./words.js";

/** @import { Page } from "./page.js" */
/** @import { Draft, Sheet } from "./protocol.js" */

/** What people have: Excel, WPS, a chat service. */
const SHEETS = ".xlsx,.xls,.csv";

/**
 * The way to hand in a sheet in place of numbers; `changed` is called when the answer was filled in.
 * @param {Page} page
 * @param {{draft: Draft, key: string, changed: () => void}} given
 * @returns {HTMLElement}
 */
export function sheetButton(page, { draft, key, changed }) {
  const words = page.words.files;
  const said = make("div", { class: "ap-f-hint", role: "status" });
  const input = make("input", { type: "file", accept: SHEETS, class: "ap-f-pick", "aria-label": say(words, "sheet") });
  const read = async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    fill(said, say(words, "reading"));
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      /** @type {Sheet} */
      const found = await page.engine.call("sheet", { draft: draft.draft, name: file.name }, bytes);
      fill(said, said_of(found));
      if (Object.keys(found.values).length) {
        draft.values[key] = found.values;
        changed();
      }
    } catch (error) {
      fill(said, make("p", { class: "ap-f-fault ap-f-error" }, told(error, say(words, "unread"))));
    }
    input.value = "";
  };
  input.addEventListener("change", () => void read());
  const label = make("label", { class: "ap-f-link" }, input, say(words, "sheet"));
  const element = make("div", { class: "ap-f-sheet" }, label, make("span", { class: "ap-f-hint" }, say(words, "sheet_hint")), said);
  const ready = () => {
    input.disabled = page.engine.state !== "ready";
    label.classList.toggle("ap-f-still", input.disabled);
  };
  page.engine.addEventListener("state", ready);
  ready();
  return element;
}

/** @param {Sheet} sheet */
function said_of({ lines, findings }) {
  return [
    lines.map((line) => make("p", {}, line)),
    findings.map(({ severity, text, hint }) => make("p", { class: `ap-f-fault ap-f-${severity}` }, text, hint ? make("span", { class: "ap-f-hint" }, hint) : null)),
  ];
}
