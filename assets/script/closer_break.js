// The square of the photo that networks see, moved and fitted by its handles, by pointer or arrow
// keys, and kept as a short text: the photo's name, then left, top and side in thousandths of its
// width, its height and its shorter side. Stands before closer_paint.js.
const PAINTED = "closer-cover", SQUARE = "closer-square";
const LEAST = 100, NEAR = 20, FAR = 100;
let drag = null;
[PAINTED, SQUARE].forEach(four.nothingPicked);

const photo = () => element.querySelector(".mark-board");
// What was picked last, though the picture that shows it is still to come.
const squareOf = ({ dataset }) => {
  const [owner, ...picked] = (four.picked(SQUARE) || "").split(".");
  return (owner === dataset.owner ? picked : dataset.square.split(".")).map(Number);
};
// Of the photo's width and height, what a side comes to.
const spans = ({ dataset }, side) => {
  const ratio = Number(dataset.ratio);
  return ratio >= 1 ? [side / ratio, side] : [side, side * ratio];
};
const bound = (least, value, most) => Math.round(Math.max(least, Math.min(most, value)));

function put(view, [left, top, side]) {
  const kept = bound(LEAST, side, 1000), [wide, high] = spans(view, kept);
  const at = [bound(0, left, 1000 - wide), bound(0, top, 1000 - high), kept];
  view.dataset.square = at.join(".");
  const names = ["left", "top", "width", "height"];
  [at[0], at[1], wide, high].forEach((value, i) => {
    view.querySelector(".square").style[names[i]] = `${value / 10}%`;
  });
  view.querySelectorAll(".seen").forEach((one) => one.remove());
}
function settled(view) {
  const [left, top, side] = view.dataset.square.split(".").map(Number);
  const values = { left: left / 10, top: top / 10, side: side / 10 };
  element.querySelector("[data-mark-said]").textContent = fill(view.dataset.at, values);
  four.pick(SQUARE, `${view.dataset.owner}.${left}.${top}.${side}`);
  trigger("click");
}

element.addEventListener("pointerdown", (event) => {
  const view = event.target.closest(".mark-board");
  const by = event.target.closest("[data-by]")?.dataset.by ||
    (view && !view.dataset.rows ? "move" : "");
  if (!view || !by || event.button) return;
  drag = { by, x: event.clientX, y: event.clientY, from: squareOf(view), moved: false };
  view.setPointerCapture(event.pointerId);
});
element.addEventListener("pointermove", (event) => {
  const view = photo();
  if (!drag || !view) return;
  const { width, height } = view.getBoundingClientRect();
  const across = 1000 * (event.clientX - drag.x) / width;
  const down = 1000 * (event.clientY - drag.y) / height;
  const [left, top, side] = drag.from;
  if (drag.by === "move") put(view, [left + across, top + down, side]);
  else {
    // The corner stays under the pointer, the opposite one where it is.
    const [wide, high] = spans(view, 1);
    const room = Math.min((1000 - left) / wide, (1000 - top) / high);
    put(view, [left, top, Math.min(side + (across / wide + down / high) / 2, room)]);
  }
  drag.moved = true;
});
for (const kind of ["pointerup", "pointercancel"]) {
  element.addEventListener(kind, () => {
    const view = photo(), moved = drag?.moved;
    drag = null;
    if (view && moved) settled(view);
  });
}

const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
element.addEventListener("keydown", (event) => {
  const by = event.target.closest("[data-by]")?.dataset.by, way = WAYS[event.key], view = photo();
  if (!by || !way || !view || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const far = event.shiftKey ? FAR : NEAR, [left, top, side] = squareOf(view);
  if (by === "move") put(view, [left + far * way[0], top + far * way[1], side]);
  else put(view, [left, top, side + far * (way[0] + way[1])]);
  back = `[data-by=${by}]`;
  settled(view);
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-break]");
  if (!button) return;
  back = ".square [data-by]";
  if (button.dataset.break === "clear") {
    cells.fill(0);
    send("");
  } else {
    four.pick(SQUARE, "");
    trigger("click");
  }
});
