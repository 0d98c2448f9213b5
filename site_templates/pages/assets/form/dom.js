/* Elements made one by one: text stays text, whatever it holds. */

/** @typedef {Node | string | number | null | undefined | false} One */
/** @typedef {One | (One | (One | One[])[])[]} Child */
/** @typedef {{[name: string]: any, on?: {[event: string]: (event: any) => unknown}}} Attributes */

/**
 * Make an element. `on` holds listeners; true gives an empty attribute, false and null none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, heard] of Object.entries(value)) element.addEventListener(event, heard);
    } else if (name === "value" || name === "checked" || name === "open") {
      Reflect.set(element, name, value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(.../** @type {(Node | string)[]} */ (flat(children)));
  return element;
}

/**
 * Put other children into an element, unless it has the very same text and structure already.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(.../** @type {(Node | string)[]} */ (flat(children)));
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function flat(children) {
  return /** @type {any[]} */ (children)
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "")
    .map((child) => (typeof child === "number" ? String(child) : child));
}

/**
 * A button; `class` "ap-f-main" is the one filled button of a view.
 * @param {string} text
 * @param {(event: MouseEvent) => unknown} pressed
 * @param {Attributes} [attributes]
 */
export function button(text, pressed, attributes = {}) {
  return make("button", { type: "button", class: "ap-f-button", ...attributes, on: { click: pressed } }, text);
}

let last = 0;

/** An id that no other element of the page has. */
export function fresh() {
  last += 1;
  return `ap-f-${last}`;
}
