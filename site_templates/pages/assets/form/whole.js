/* The branch's own file, where the page may not see all of it: asked for before the record is changed, kept beside the draft. */

import { fill, make } from "./dom.js";
import { told } from "./faults.js";
import { say } from "./words.js";

/** @import { Page } from "./page.js" */

/**
 * Ask for the file at `path`: from the forge, from a package, or from whoever has it. `words` say why; `done` is called when it is there.
 * @param {Page} page
 * @param {{draft: string, path: string, words?: string, done: () => void}} given
 * @returns {HTMLElement}
 */
export function wholeFile(page, { draft, path, words: why = "", done }) {
  const words = page.words.hand;
  const said = make("div", { role: "status" });
  const input = make("input", { type: "file", class: "ap-f-pick", "aria-label": say(words, "whole_pick") });
  const read = async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const found = /** @type {{words?: string}} */ (await page.engine.call("whole", { path }, bytes));
      await kept(page, draft, path, file);
      fill(said, make("p", {}, found.words ?? ""));
      done();
    } catch (error) {
      fill(said, make("p", { class: "ap-f-fault ap-f-error" }, told(error, say(page.words.files, "unread"))));
    }
    input.value = "";
  };
  input.addEventListener("change", () => void read());
  const { forge } = page.config;
  const address = forge?.file.replace("{path}", path.split("/").map(encodeURIComponent).join("/"));
  const link = address && make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, say(words, "whole_open", { name: forge?.name ?? "" }));
  return make(
    "section",
    { class: "ap-f-whole" },
    make("p", {}, why || say(words, "whole")),
    make("p", { class: "ap-f-hint" }, say(words, "whole_how"), " ", make("code", { class: "ap-file" }, path)),
    make("p", { class: "ap-f-ways" }, make("label", { class: "ap-f-button" }, input, say(words, "whole_pick")), link || null),
    said,
  );
}

/**
 * Keep the file beside the draft, so that it is there after a closed tab, and goes when the draft goes. No room for it is no
 * matter: it is asked for again.
 * @param {Page} page
 * @param {string} draft
 * @param {string} path
 * @param {File} file
 */
async function kept(page, draft, path, file) {
  const { size } = file;
  const blob = new Blob([await file.arrayBuffer()]);
  const about = { draft, name: path, size, before: size, kind: "", key: "", cleaned: [], blob, thumb: null, whole: true };
  await page.drafts.putFile(about).catch(() => {});
}
