/* Nothing moves under a finger: what would shift the page waits until the finger is off it, and the tap has been heard. */

/** A tap is heard so many milliseconds after the finger is up, or never: then it was none. */
const HEARD = 120;

let down = false;
let timer = 0;
/** @type {Map<string, () => void>} */
const waiting = new Map();

const flush = () => {
  down = false;
  const now = [...waiting.values()];
  waiting.clear();
  for (const run of now) run();
};
/** @param {number} wait */
const soon = (wait) => {
  window.clearTimeout(timer);
  timer = window.setTimeout(flush, wait);
};

const capture = { capture: true };
window.addEventListener("pointerdown", () => {
  window.clearTimeout(timer);
  down = true;
}, capture);  // prettier-ignore
window.addEventListener("pointerup", () => soon(HEARD), capture);
window.addEventListener("pointercancel", () => soon(HEARD), capture);
window.addEventListener("click", () => down && soon(0), capture);

/**
 * Do something at once, or when the finger is up; of several of one name the last is done.
 * @param {string} name
 * @param {() => void} run
 */
export function whenStill(name, run) {
  if (down) waiting.set(name, run);
  else run();
}
