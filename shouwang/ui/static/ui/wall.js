/* One building of the wall: one tab stop, arrow keys, the household opens beside it. */
(() => {
  "use strict";
  if (document.documentElement.dataset.wall) return;
  document.documentElement.dataset.wall = "ready";
  const cellsOf = (row) => [...row.querySelectorAll(".cell")];
  const rowsOf = (grid) => [...grid.tBodies[0].rows].filter((row) => row.querySelector(".cell"));
  const column = (cell) => cell.closest("td").cellIndex;

  const go = (grid, cell) => {
    if (!cell) return;
    grid.querySelectorAll('.cell[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    cell.tabIndex = 0;
    cell.focus();
  };
  const upDown = (grid, cell, by) => {
    const rows = rowsOf(grid);
    for (let at = rows.indexOf(cell.closest("tr")) + by; rows[at]; at += by) {
      const found = cellsOf(rows[at]).find((other) => column(other) === column(cell));
      if (found) return found;
    }
    return null;
  };
  const target = (grid, cell, event) => {
    const row = cellsOf(cell.closest("tr"));
    const at = row.indexOf(cell);
    const all = [...grid.querySelectorAll(".cell")];
    switch (event.key) {
      case "ArrowRight": return row[at + 1];
      case "ArrowLeft": return row[at - 1];
      case "ArrowDown": return upDown(grid, cell, 1);
      case "ArrowUp": return upDown(grid, cell, -1);
      case "Home": return event.ctrlKey ? all[0] : row[0];
      case "End": return event.ctrlKey ? all[all.length - 1] : row[row.length - 1];
      default: return undefined;
    }
  };

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(".zoom .cell");
    if (!cell) return;
    const grid = cell.closest(".zoom");
    const next = target(grid, cell, event);
    if (next === undefined && !event.key.startsWith("Arrow") && event.key !== " ") return;
    event.preventDefault();
    if (event.key === " ") cell.click();
    else go(grid, next);
  });

  document.addEventListener("click", (event) => {
    const cell = event.target.closest?.(".zoom .cell");
    const beside = document.getElementById("beside");
    if (!cell || !beside || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const grid = cell.closest(".zoom");
    grid.querySelectorAll(".cell[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    cell.setAttribute("aria-current", "true");
    go(grid, cell);
    window.htmx.ajax("GET", cell.getAttribute("href"), { target: beside, swap: "innerHTML" });
  });
})();
