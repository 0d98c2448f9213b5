/* How many days of publicity are left, beside the printed days: today is that in Chongqing. */
"use strict";
(() => {
  const DAY = 86400000;
  const today = Math.floor((Date.now() + 8 * 3600000) / DAY);
  const days = (text) => Date.parse(`${text}T00:00:00Z`) / DAY - today;
  for (const place of document.querySelectorAll(".ap-left")) {
    const { from, to, before, last, over, ...words } = place.dataset;
    const [ahead, left] = [days(from), days(to)];
    const said = ahead > 0 ? before : left > 0 ? words.days : left === 0 ? last : over;
    place.textContent = said.replace("{n}", () => (ahead > 0 ? ahead : left));
  }
})();
