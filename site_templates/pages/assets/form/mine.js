/* The branch that this device remembers: the same as on every other page of the site (assets/mine.js). */

/** @typedef {{id: string, name: string}} Mine */

/** @param {string} root */
const key = (root) => `${new URL(".", root).pathname}.ap-branch`;

/** @param {string} root @returns {Mine | null} */
export function kept(root) {
  try {
    const found = JSON.parse(localStorage.getItem(key(root)) ?? "null");
    return typeof found?.id === "string" && typeof found.name === "string" ? found : null;
  } catch {
    return null;
  }
}

/**
 * Remember a branch, where none is yet.
 * @param {string} root
 * @param {Mine} branch
 */
export function remember(root, { id, name }) {
  try {
    if (!kept(root)) localStorage.setItem(key(root), JSON.stringify({ id, name }));
  } catch {
    /* where nothing can be kept the address tells which branch */
  }
}
