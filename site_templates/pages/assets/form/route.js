/* The address of a view stands behind the # : going back works, and a view can be reloaded. */

/** @typedef {{view: string, parts: string[]}} Route */

/** @returns {Route} */
export function current() {
  const [view, ...parts] = window.location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  return { view: view || "", parts };
}

/**
 * The address of a view.
 * @param {...string} parts
 */
export function address(...parts) {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Stand for another address without a step to go back to.
 * @param {...string} parts
 */
export function become(...parts) {
  window.history.replaceState(null, "", address(...parts));
}
