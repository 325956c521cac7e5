// Cells of the photo, painted by pointer or keys and kept as a short text under the name PAINTED:
// the photo's name, the size, a digit for four cells, and what the script around puts behind them.
const REACH = 1;
let cells = new Uint8Array(0), cursor = [0, 0], stroke = null;

const board = () => element.querySelector(".mark-board[data-rows]");
const sizes = ({ dataset }) => [Number(dataset.rows), Number(dataset.columns)];
const at = (view, row, column) => {
  const [rows, columns] = sizes(view);
  return row >= 0 && column >= 0 && row < rows && column < columns && cells[row * columns + column];
};

const read = (view) => {
  const [rows, columns] = sizes(view);
  const [photo, size, digits] = (four.picked(PAINTED) || "").split(".");
  const fits = photo === view.dataset.owner && size === `${columns}x${rows}`;
  return Uint8Array.from(
    { length: rows * columns },
    (_, i) => fits ? (parseInt(digits[i >> 2] || "0", 16) >> (3 - (i & 3))) & 1 : 0,
  );
};
const written = (view) => {
  const [rows, columns] = sizes(view);
  if (!cells.includes(1)) return "";
  let digits = "";
  for (let i = 0; i < cells.length; i += 4) {
    const digit = [0, 1, 2, 3].reduce((sum, k) => 2 * sum + (cells[i + k] || 0), 0);
    digits += digit.toString(16);
  }
  return `${view.dataset.owner}.${columns}x${rows}.${digits}`;
};
const send = (text) => {
  if (text === (four.picked(PAINTED) || "")) return;
  four.pick(PAINTED, text);
  trigger("click");
};

const draw = (view) => {
  const [rows, columns] = sizes(view);
  let squares = "", edge = "";
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!at(view, row, column)) continue;
      squares += `M${column} ${row}h1v1h-1z`;
      if (!at(view, row - 1, column)) edge += `M${column} ${row}h1`;
      if (!at(view, row + 1, column)) edge += `M${column} ${row + 1}h1`;
      if (!at(view, row, column - 1)) edge += `M${column} ${row}v1`;
      if (!at(view, row, column + 1)) edge += `M${column + 1} ${row}v1`;
    }
  }
  // What is not marked lies in shade, once something is.
  const veil = squares ? `M0 0h${columns}v${rows}h${-columns}z${squares}` : "";
  view.querySelector(".veil")?.setAttribute("d", veil);
  view.querySelector(".cells")?.setAttribute("d", squares);
  view.querySelectorAll(".edge").forEach((path) => path.setAttribute("d", edge));
  const square = view.querySelector(".cursor");
  square.setAttribute("x", cursor[1]);
  square.setAttribute("y", cursor[0]);
};

const brush = (view, [row, column], value) => {
  const [rows, columns] = sizes(view);
  for (let y = Math.max(row - REACH, 0); y <= Math.min(row + REACH, rows - 1); y += 1) {
    for (let x = Math.max(column - REACH, 0); x <= Math.min(column + REACH, columns - 1); x += 1) {
      cells[y * columns + x] = value;
    }
  }
};

// Gradio may replace the board, or change the one that is there.
const settle = () => {
  const view = board();
  if (view && view.dataset.drawn !== view.dataset.owner) {
    view.dataset.drawn = view.dataset.owner;
    const [rows, columns] = sizes(view);
    const told = four.picked(PAINTED) || "";
    cells = read(view);
    cursor = [rows >> 1, columns >> 1];
    draw(view);
    // Another photo's mark says nothing of this one.
    if (told && told.split(".")[0] !== view.dataset.owner) send("");
  }
};
new MutationObserver(settle).observe(element, {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["data-owner", "data-drawn"],
});
settle();
window.addEventListener("picked", ({ detail }) => {
  const view = board();
  if (detail.name !== PAINTED || !view || stroke) return;
  cells = read(view);
  draw(view);
});

const place = (view, event) => {
  const [rows, columns] = sizes(view);
  const frame = view.getBoundingClientRect();
  const inside = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return [
    inside((event.clientY - frame.top) / frame.height, rows),
    inside((event.clientX - frame.left) / frame.width, columns),
  ];
};
element.addEventListener("pointerdown", (event) => {
  const view = event.target.closest(".mark-board[data-rows]");
  if (!view || event.button || event.target.closest("button")) return;
  const from = place(view, event);
  stroke = { from, value: at(view, ...from) ? 0 : 1 };
  view.setPointerCapture(event.pointerId);
  cursor = from;
  brush(view, from, stroke.value);
  draw(view);
});
element.addEventListener("pointermove", (event) => {
  const view = board();
  if (!stroke || !view) return;
  // A quick pointer leaves out places: they lie on the way.
  const to = place(view, event), [top, left] = stroke.from;
  const steps = Math.max(Math.abs(to[0] - top), Math.abs(to[1] - left));
  for (let i = 1; i <= steps; i += 1) {
    const share = i / steps;
    const row = Math.round(top + (to[0] - top) * share);
    brush(view, [row, Math.round(left + (to[1] - left) * share)], stroke.value);
  }
  if (!steps) return;
  stroke.from = cursor = to;
  draw(view);
});
const lift = () => {
  if (!stroke) return;
  stroke = null;
  const view = board();
  if (view) send(written(view));
};
element.addEventListener("pointerup", lift);
element.addEventListener("pointercancel", lift);

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
element.addEventListener("keydown", (event) => {
  const view = event.target.closest(".mark-board[data-rows]");
  if (!view || event.target !== view || event.ctrlKey || event.altKey || event.metaKey) return;
  const [rows, columns] = sizes(view), step = ARROWS[event.key];
  if (step) {
    cursor = [
      Math.max(0, Math.min(rows - 1, cursor[0] + step[0])),
      Math.max(0, Math.min(columns - 1, cursor[1] + step[1])),
    ];
    if (event.shiftKey) brush(view, cursor, 1);
  } else if (event.key === "Enter" || event.key === " ") {
    brush(view, cursor, at(view, ...cursor) ? 0 : 1);
  } else return;
  event.preventDefault();
  back = ".mark-board";
  draw(view);
  const { said, marked, free } = view.dataset;
  element.querySelector("[data-mark-said]").textContent = fill(said, {
    row: cursor[0] + 1,
    column: cursor[1] + 1,
    state: at(view, ...cursor) ? marked : free,
  });
  if (!step || event.shiftKey) send(written(view));
});
