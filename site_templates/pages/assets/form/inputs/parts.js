/* An answer of several counts beside each other, each with its own name. */

import { fresh, make } from "../dom.js";

/** @import { Control, Making } from "../page.js" */

/**
 * @param {Making} making
 * @returns {Control}
 */
export function parts(making) {
  const { question } = making;
  /** @type {Map<string, HTMLInputElement>} */
  const inputs = new Map();
  const read = () => {
    const found = [...inputs].filter(([, input]) => input.value.trim());
    return found.length ? Object.fromEntries(found.map(([name, input]) => [name, input.value])) : "";
  };
  const counted = question.parts.filter(({ input }) => input === undefined || input === "count");
  const cells = counted.map(({ name, title }) => {
    const id = fresh();
    const input = make("input", {
      type: "text", id, "data-part": name, class: "ap-f-input", inputmode: "numeric", autocomplete: "off",
      value: part(making.value, name),
    });  // prettier-ignore
    inputs.set(name, input);
    input.addEventListener("input", (event) => {
      making.changed(read(), /** @type {InputEvent} */ (event).isComposing);
    });
    input.addEventListener("compositionend", () => making.changed(read(), false));
    return make("div", {}, make("label", { for: id }, title), input);
  });
  const first = [...inputs.values()][0];
  return {
    element: make("div", { class: "ap-f-parts" }, cells),
    single: false,
    described: [...inputs.values()],
    focus: () => first?.focus(),
    write: (value) => {
      for (const [name, input] of inputs) {
        const now = part(value, name);
        if (input.value !== now) input.value = now;
      }
    },
  };
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function part(value, name) {
  const whole = value && typeof value === "object" && !Array.isArray(value) ? value : {};
  const found = /** @type {{[name: string]: unknown}} */ (whole)[name];
  return typeof found === "string" ? found : "";
}
