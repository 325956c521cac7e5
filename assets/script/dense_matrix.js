// A matrix of one dense block, source by target: hover or arrow keys read a cell, a click opens it.
// The server draws its frame, which holds the numbers.
const NS = "http://www.w3.org/2000/svg";
const PICKS = "dense-cell";
let frame = null, table = null, chosen = null, shown = "";
// Opened by the keyboard, which then goes on where the matrix is drawn anew.
let keyed = false;

const add = (parent, name, attributes, text) => {
  const node = document.createElementNS(NS, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
};
const number = (value) => {
  if (table.signed) {
    return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${Math.abs(value * 100).toFixed(2)}`;
  }
  return value === 0
    ? "0"
    : value >= 100
    ? value.toFixed(0)
    : value >= 0.01
    ? value.toPrecision(3)
    : value.toExponential(1);
};
const source = (s) => (s === 0 ? table.words.input : fill(table.words.layer, { layer: s }));
const target = (
  t,
) => (t === table.count - 1 ? table.words.after : fill(table.words.layer, { layer: t + 1 }));
const value = (s, t) => table.columns[t][s];

function colour(v, t) {
  if (table.signed) {
    const share = Math.min(1, Math.abs(v) / (table.most || 1));
    return `color-mix(in oklab, ${v < 0 ? "#2f7fd0" : "#d9822b"} ${
      Math.round(share * 100)
    }%, var(--surface-soft))`;
  }
  const most = table.each ? Math.max(...table.columns[t]) : table.most;
  return `color-mix(in oklab, var(--heat-high) ${
    Math.round(8 + 92 * (most ? v / most : 0))
  }%, var(--heat-low))`;
}

function draw() {
  const width = Math.max(260, frame.clientWidth), n = table.count;
  const em = parseFloat(getComputedStyle(frame).fontSize);
  const left = em * 3.9,
    top = em * 0.4,
    right = em * 0.4,
    cell = Math.min((width - left - right) / n, 60);
  const side = cell * n, bottom = em * 3;
  const place = frame.querySelector(".dm-place");
  place.replaceChildren();
  const picture = add(place, "svg", {
    viewBox: `0 0 ${left + side + right} ${top + side + bottom}`,
    width: left + side + right,
    height: top + side + bottom,
    tabindex: 0,
    role: "application",
    "aria-label": frame.dataset.label,
  });
  if (keyed) picture.focus();
  keyed = false;
  const every = Math.max(1, Math.ceil((em * 1.5) / cell)), gap = cell > 12 ? 1.5 : 0.5;
  for (let t = 0; t < n; t++) {
    for (let s = 0; s <= t; s++) {
      const node = add(picture, "rect", {
        x: left + t * cell + gap / 2,
        y: top + s * cell + gap / 2,
        width: cell - gap,
        height: cell - gap,
        rx: cell > 14 ? 3 : 0,
        fill: colour(value(s, t), t),
        "data-cell": `${s},${t}`,
      });
      if (table.flips && table.flips[t][s]) node.classList.add("flip");
    }
  }
  for (let i = 0; i < n; i++) {
    const wanted = i === 0 || (i % every === 0 && n - 1 - i >= 0);
    if (wanted || i === 0) {
      add(picture, "text", {
        class: "dm-tick",
        x: left - em * 0.4,
        y: top + (i + 0.5) * cell + em * 0.32,
        "text-anchor": "end",
      }, i === 0 ? table.words.input_short : String(i));
      if (i !== n - 1) {
        add(picture, "text", {
          class: "dm-tick",
          x: left + (i + 0.5) * cell,
          y: top + side + em * 1.1,
          "text-anchor": "middle",
        }, String(i + 1));
      }
    }
  }
  const far = left + side;
  add(picture, "text", {
    class: "dm-axis",
    x: left,
    y: top + side + em * 2.5,
    "text-anchor": "start",
  }, table.words.target_axis);
  add(picture, "text", {
    class: "dm-axis after",
    x: far,
    y: top + side + em * 2.5,
    "text-anchor": "end",
  }, `${table.words.after} ↑`);
  add(picture, "text", {
    class: "dm-axis",
    transform: `translate(${em * 0.9} ${top + side}) rotate(-90)`,
    "text-anchor": "start",
  }, table.words.source_axis);
  table.mark = add(picture, "rect", {
    class: "dm-mark",
    width: cell,
    height: cell,
    rx: cell > 14 ? 3 : 1,
  });
  if (table.opened) {
    const [s, t] = table.opened;
    add(picture, "rect", {
      class: "dm-opened",
      x: left + t * cell,
      y: top + s * cell,
      width: cell,
      height: cell,
      rx: cell > 14 ? 3 : 1,
    });
  }
  table.at = (s, t) => {
    table.mark.setAttribute("x", left + t * cell);
    table.mark.setAttribute("y", top + s * cell);
  };
  picture.addEventListener("pointermove", (event) => {
    const at = event.target.dataset.cell;
    if (at) look(...at.split(",").map(Number));
  });
  picture.addEventListener("click", (event) => {
    const at = event.target.dataset.cell;
    if (at) {
      look(...at.split(",").map(Number));
      open();
    }
  });
  picture.addEventListener("keydown", (event) => {
    const move =
      { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (move) {
      event.preventDefault();
      const [s, t] = [chosen[0] + move[0], chosen[1] + move[1]];
      if (s >= 0 && t < n && s <= t) look(s, t);
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      keyed = true;
      open();
    }
  });
  const bar = frame.querySelector(".dm-bar");
  const ends = table.signed
    ? [number(-table.most), "0", number(table.most)]
    : table.each
    ? ["0", table.words.each_most]
    : ["0", number(table.most)];
  bar.innerHTML = `<span></span><i class="${table.signed ? "signed" : ""}"></i><span></span>`;
  bar.firstChild.textContent = ends[0];
  bar.lastChild.textContent = ends.at(-1);
  if (!chosen || chosen[1] >= n) chosen = [0, n - 1];
  look(...chosen);
}

function look(s, t) {
  chosen = [s, t];
  table.at(s, t);
  const channels = `${table.starts[s]}–${table.starts[s + 1] - 1}`;
  frame.querySelector(".dm-read").textContent = fill(table.words.cell, {
    source: source(s),
    target: target(t),
    value: number(value(s, t)),
    channels,
  });
}
function open() {
  four.pick(PICKS, chosen.join(","));
  trigger("click");
}

function takeTable() {
  frame = element.querySelector(".dense-matrix");
  table = frame ? JSON.parse(frame.dataset.table) : null;
  shown = "";
  if (!table) return;
  frame.innerHTML =
    `<div class="dm-place"></div><div class="dm-read"></div><div class="colour-bar dm-bar"></div>`;
  table.most = Math.max(1e-12, ...table.columns.flat().map(Math.abs));
  if (table.opened) chosen = table.opened;
  sized.disconnect();
  sized.observe(frame);
  redrawTable();
  four.fitSoon();
}
function redrawTable() {
  if (!table || !frame.clientWidth) return;
  const now = `${frame.clientWidth} ${getComputedStyle(frame).fontSize}`;
  if (now !== shown) {
    shown = now;
    draw();
  }
}
element.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close-cell]")) return;
  four.pick(PICKS, "");
  trigger("click");
});
const sized = new ResizeObserver(redrawTable);
window.addEventListener("resize", redrawTable);
watch("value", takeTable);
takeTable();
