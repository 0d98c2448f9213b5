/* The heat map as a grid: one stop of the Tab key, arrow keys from cell to cell, and what a cell
   stands for in words where it is pointed at, tapped or reached. Without this script it is a plain
   table whose figures are text. */
"use strict";
(() => {
  const table = document.querySelector("table.ap-heat");
  if (!table) return;
  const words = table.dataset;
  const heads = [...table.tHead.rows[1].cells];
  const rows = [table.tHead.rows[1], ...table.tBodies[0].rows, ...(table.tFoot ? table.tFoot.rows : [])];
  const bases = { v: words.verified, c: words.computed, a: words.accepted, d: words.claimed };

  /* What is focused in a cell is the link in it, or else the cell. */
  const target = (cell) => cell.querySelector("a") || cell;
  const isMark = (cell) => cell.matches("tbody td:not(.t)");

  /* Losses are written with fixed decimals: whole numbers of their smallest unit are exact. */
  const minus = (max, lost) => {
    const places = (lost.split(".")[1] || "").length;
    const units = (text) => Math.round(Number(text) * 10 ** places);
    return ((units(max) - units(lost)) / 10 ** places).toFixed(places);
  };
  const tell = (cell) => {
    const kind = [...cell.classList];
    if (kind.includes("p")) return words.pending;
    if (kind.includes("n")) return words.outside;
    if (kind.includes("e")) return words.blank;
    const max = heads[cell.cellIndex].dataset.max;
    const lost = cell.textContent;
    const basis = bases[kind.find((name) => name in bases)];
    const values = { lost, max, basis, n: cell.dataset.n, points: minus(max, lost) };
    const text = kind.includes("z") ? words.zero : words.lost;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  const tip = document.createElement("div");
  tip.id = "ap-heat-tip";
  tip.className = "ap-heat-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  const name = document.createElement("b");
  const figure = document.createElement("span");
  tip.append(name, figure);
  table.parentElement.after(tip);

  let shown = null;
  const column = (index) => rows.map((row) => row.cells[index]).filter(Boolean);
  const shade = (cell, on) => {
    cell.parentElement.classList.toggle("ap-on", on);
    for (const each of column(cell.cellIndex)) each.classList.toggle("ap-on", on);
    cell.classList.toggle("ap-at", on);
  };
  const place = () => {
    if (!shown) return;
    const at = shown.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - size.width - 8;
    const after = at.right + 6;
    tip.style.left = `${Math.max(8, after <= room ? after : Math.min(at.left - size.width - 6, room))}px`;
    const below = after <= room || at.left - size.width - 6 >= 8 ? at.top - 10 : at.bottom + 6;
    tip.style.top = `${Math.max(8, below)}px`;
  };
  const hide = () => {
    if (!shown) return;
    shade(shown, false);
    target(shown).removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const show = (cell) => {
    if (shown === cell) return;
    hide();
    shown = cell;
    shade(cell, true);
    const link = cell.parentElement.cells[0].querySelector("a");
    name.textContent = link.textContent;
    name.lang = link.lang || document.documentElement.lang;
    figure.textContent = `${heads[cell.cellIndex].querySelector("a").textContent}${words.colon}${tell(cell)}`;
    tip.hidden = false;
    cell.setAttribute("aria-describedby", tip.id);
    place();
  };

  /* One cell at a time is a stop of the Tab key. */
  let stop = null;
  const cells = rows.flatMap((row) => [...row.cells]);
  for (const cell of cells) target(cell).tabIndex = -1;
  const reach = (cell) => {
    if (stop) target(stop).tabIndex = -1;
    stop = cell;
    target(cell).tabIndex = 0;
  };
  reach(rows[1].cells[1]);
  table.setAttribute("role", "grid");
  table.classList.add("ap-live");

  const move = (row, index) => {
    const line = rows[Math.max(0, Math.min(rows.length - 1, row))];
    const cell = line.cells[Math.max(0, Math.min(line.cells.length - 1, index))];
    reach(cell);
    target(cell).focus();
  };
  const open = (cell) => {
    const link = cell.parentElement.cells[0].querySelector("a");
    const criterion = heads[cell.cellIndex].dataset.id;
    window.location.href = criterion ? `${link.href.split("#")[0]}#${criterion}` : link.href;
  };

  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th");
    if (!rows.includes(cell.parentElement)) return;
    reach(cell);
    if (isMark(cell)) show(cell);
    else hide();
  });
  table.addEventListener("focusout", hide);
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || event.altKey || event.metaKey) return;
    const row = rows.indexOf(cell.parentElement);
    const at = cell.cellIndex;
    const far = event.ctrlKey;
    const go = {
      ArrowLeft: () => move(row, at - 1),
      ArrowRight: () => move(row, at + 1),
      ArrowUp: () => move(row - 1, at),
      ArrowDown: () => move(row + 1, at),
      PageUp: () => move(row - 10, at),
      PageDown: () => move(row + 10, at),
      Home: () => move(far ? 0 : row, 0),
      End: () => move(far ? rows.length - 1 : row, Infinity),
      Enter: () => isMark(cell) && open(cell),
      Escape: hide,
    }[event.key];
    if (!go || (far && !["Home", "End"].includes(event.key))) return;
    if (event.key === "Enter" && !isMark(cell)) return;
    event.preventDefault();
    go();
  });

  /* A mouse shows by pointing and opens by a click; a finger shows first and opens by a second tap. */
  let armed = null;
  const under = (event) => {
    const cell = event.target.closest("td");
    return cell && isMark(cell) ? cell : null;
  };
  table.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const cell = under(event);
    if (cell) show(cell);
    else hide();
  });
  table.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !table.contains(document.activeElement)) hide();
  });
  table.addEventListener("pointerdown", (event) => {
    armed = under(event) === shown ? shown : null;
  });
  table.addEventListener("click", (event) => {
    const cell = under(event);
    if (!cell) return;
    if (armed === cell) {
      open(cell);
    } else {
      reach(cell);
      cell.focus();
      show(cell);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!table.contains(event.target)) hide();
  });
  window.addEventListener("scroll", place, { passive: true, capture: true });
  window.addEventListener("resize", place);

  const hint = document.querySelector(".ap-heat-hint");
  if (hint) hint.hidden = false;
})();
