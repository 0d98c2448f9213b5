/* What went wrong, in words for a person: the program's own, or else the page's; never those of the browser. */

import { Fault } from "./engine.js";

/**
 * The words of an error that has some in the language of the page, else `others`.
 * @param {unknown} error
 * @param {string} others
 */
export function told(error, others) {
  const own = error instanceof Error && (error.constructor === Error || error instanceof Fault);
  return (own && error.message) || others;
}
