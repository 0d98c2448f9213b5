/* Words of the page's own: they stand in the page, in its language; scripts hold none. */

/** @typedef {{[key: string]: string}} Group */

/**
 * A text with its places filled; a word that is not there shows its key, so that it is seen.
 * @param {Group} words
 * @param {string} key
 * @param {{[place: string]: string | number}} [values]
 */
export function say(words, key, values = {}) {
  const text = words[key] ?? `[${key}]`;
  return text.replace(/\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g, (whole, place, one, more) => {
    if (!(place in values)) return whole;
    if (one === undefined) return String(values[place]);
    return Number(values[place]) === 1 ? one : more;
  });
}

/**
 * A size as people read it.
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
