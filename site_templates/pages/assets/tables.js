/* A table that a narrow screen lays out otherwise stays a table for those who hear it: some browsers
   ask that it says so. The page itself may not say it, since to HTML it is one already. */
"use strict";
for (const table of document.querySelectorAll("article table:not([role])")) {
  const row = table.querySelector("tbody > tr");
  if (!row || getComputedStyle(row).display === "table-row") continue;
  table.setAttribute("role", "table");
  for (const part of [table.tHead, ...table.tBodies, table.tFoot]) part?.setAttribute("role", "rowgroup");
  for (const each of table.rows) {
    each.setAttribute("role", "row");
    for (const cell of each.cells) {
      const heads = cell.scope.startsWith("row") ? "rowheader" : "columnheader";
      cell.setAttribute("role", cell.tagName === "TH" ? heads : "cell");
    }
  }
}
