// Pointer and arrow keys move the position whose field of view the boxes show.
const parts = (view) => {
  const all = view.closest(".field-views");
  return { all, data: all.dataset, seen: all.dataset.seen.split(",").map(Number) };
};
const inside = (value, count) => Math.max(0, Math.min(Number(count) - 1, value));
const place = (view, row, column) => {
  const { all, data, seen: [left, top, right, bottom] } = parts(view);
  data.row = row;
  data.column = column;
  for (const figure of all.querySelectorAll(".field-view")) {
    const size = Number(figure.dataset.size);
    for (const box of figure.querySelectorAll("i")) {
      const [jump, first, last] = JSON.parse(box.dataset.field);
      const low = (i, axis) => Math.max(i * jump[axis] + first[axis], 0) / size;
      const high = (i, axis) => Math.min(i * jump[axis] + last[axis] + 1, size) / size;
      box.style.left = 100 * (left + (right - left) * low(column, 1)) + "%";
      box.style.width = 100 * (right - left) * (high(column, 1) - low(column, 1)) + "%";
      box.style.top = 100 * (top + (bottom - top) * low(row, 0)) + "%";
      box.style.height = 100 * (bottom - top) * (high(row, 0) - low(row, 0)) + "%";
    }
  }
  const words = all.querySelector(".field-place");
  words.textContent = words.dataset.words.replace("{row}", row).replace("{column}", column);
};
const point = (event) => {
  const view = event.target.closest(".field-view .overlay");
  if (!view) return;
  const { data, seen: [left, top, right, bottom] } = parts(view);
  const frame = view.getBoundingClientRect();
  const x = ((event.clientX - frame.left) / frame.width - left) / (right - left);
  const y = ((event.clientY - frame.top) / frame.height - top) / (bottom - top);
  place(
    view,
    inside(Math.floor(y * data.height), data.height),
    inside(Math.floor(x * data.width), data.width),
  );
};
element.addEventListener("pointermove", point);
element.addEventListener("pointerdown", point);
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
element.addEventListener("keydown", (event) => {
  const view = event.target.closest(".field-view .overlay");
  const step = ARROWS[event.key];
  if (!view || !step) return;
  event.preventDefault();
  const { data } = parts(view);
  place(
    view,
    inside(Number(data.row) + step[0], data.height),
    inside(Number(data.column) + step[1], data.width),
  );
});
