// A patch on a grid over the middle of the photo, placed by pointer or arrow keys; its middle is kept
// in half units of the grid. A patch that was found is placed by a click, with its own side.
const SPOT = "closer-patch", SIDE = "closer-side", SEARCH = "closer-search";
[SPOT, SIDE, SEARCH].forEach(four.nothingPicked);

const sizes = ({ dataset }) => [Number(dataset.units), Number(dataset.side)];
// The row and column of the patch's first unit, also while the picture that shows it is to come.
const corner = (view) => {
  const side = Number(view.dataset.side);
  return (four.picked(SPOT) || view.dataset.spot).split(".").map((middle) =>
    (Number(middle) - side) / 2
  );
};

function put(view, at) {
  const [units, side] = sizes(view);
  const [row, column] = at.map((one) => Math.max(0, Math.min(units - side, Math.round(one))));
  view.dataset.spot = `${2 * row + side}.${2 * column + side}`;
  const { style } = view.querySelector(".patch");
  style.top = `${100 * row / units}%`;
  style.left = `${100 * column / units}%`;
  const values = { row: row + 1, column: column + 1 };
  element.querySelector("[data-mark-said]").textContent = fill(view.dataset.said, values);
  four.pick(SPOT, view.dataset.spot);
  trigger("click");
}

element.addEventListener("pointerdown", (event) => {
  const view = event.target.closest(".fool-board");
  if (!view || event.button) return;
  const { left, top, width, height } = view.querySelector(".grid").getBoundingClientRect();
  const [units, side] = sizes(view);
  put(view, [
    (event.clientY - top) / height * units - side / 2,
    (event.clientX - left) / width * units - side / 2,
  ]);
});

const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
element.addEventListener("keydown", (event) => {
  const view = event.target.closest(".fool-board"), way = WAYS[event.key];
  if (!view || !way || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  back = ".fool-board";
  const far = event.shiftKey ? Number(view.dataset.side) : 1;
  put(view, corner(view).map((one, i) => one + far * way[i]));
});

element.addEventListener("click", (event) => {
  const found = event.target.closest("[data-spot][data-side]:is(button)");
  const search = event.target.closest("[data-search]");
  if (found) {
    back = `button[data-spot="${found.dataset.spot}"][data-side="${found.dataset.side}"]`;
    four.pick(SPOT, found.dataset.spot);
    four.pick(SIDE, found.dataset.side);
  } else if (search) {
    // Another number each time: what was stopped begins again.
    const tries = Number(four.picked(SEARCH).split(".").pop()) + 1;
    back = ".fool-board";
    four.pick(SEARCH, `${search.dataset.search}.${tries}`);
  } else return;
  trigger("click");
});
