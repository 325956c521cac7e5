// The growing diagram. Every band is one source of channels: it begins where its layer stands and
// runs on to the end of its block, because concatenation keeps it. Heights are channels, to scale.
const root = element.querySelector(".dense-growth");
const SVG = "http://www.w3.org/2000/svg";
const KINDS = ["stem", "layer", "transition", "classifier"];
const SPEEDS = [0.5, 1, 2, 4];
// What the link keeps: the step ("" is the last one), and the layer whose maps are shown.
const STEP = "dense-step", MAPS = "dense-maps";
for (const name of [STEP, MAPS]) four.nothingPicked(name);
let data, at = 0, timer = 0, speed = 1, granted = "", parts = {}, bands = [];

const whole = (n) => Math.round(n).toLocaleString("en-US");
// As demo/drawing/style.py writes them.
const UNITS = {
  en: [[1e9, " G"], [1e6, " M"], [1e3, " k"]],
  ja: [[1e12, "兆"], [1e8, "億"], [1e4, "万"]],
};
const short = (n) => {
  for (const [size, unit] of UNITS[document.documentElement.lang] ?? UNITS.en) {
    const value = n / size;
    const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
    if (value >= 1) {
      return value.toLocaleString("en-US", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }) + unit;
    }
  }
  return whole(n);
};
const megabytes = (n) =>
  (n / 2 ** 20 < 10 ? (n / 2 ** 20).toFixed(2) : (n / 2 ** 20).toFixed(1)) + " MB";
const shape = (c, s) => `${whole(c)} × ${s} × ${s}`;
const html = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function svg(name, attributes, parent, text) {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}
const title = (node, text) => svg("title", {}, node, text);

// Steps as objects; the order is that of the server's rows.
function read(json) {
  const given = JSON.parse(json);
  const names = [
    "kind",
    "block",
    "layer",
    "in",
    "out",
    "size",
    "outSize",
    "w1",
    "w3",
    "m1",
    "m3",
    "params",
    "macs",
    "naive",
    "shared",
  ];
  given.steps = given.steps.map((row) => {
    const step = Object.fromEntries(names.map((name, i) => [name, row[i]]));
    step.kind = KINDS[step.kind];
    return step;
  });
  given.blocks = [];
  given.steps.forEach((step, i) => {
    if (step.kind !== "layer") return;
    const blocks = given.blocks;
    if (!blocks.length || blocks.at(-1).number !== step.block) {
      blocks.push({ number: step.block, first: i, layers: [], input: step.in, size: step.size });
    }
    blocks.at(-1).layers.push(step);
  });
  return given;
}

// The sentence and the buttons stand below the picture, in an element of their own.
function skeleton(told) {
  const w = data.words;
  const button = (name, path) =>
    `<button type="button" data-do="${name}" title="${html(w[name])}" aria-label="${
      html(w[name])
    }"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${path}"/></svg></button>`;
  root.innerHTML =
    `<div class="dg-head"><div class="dg-where"></div><div class="dg-sum"></div><div class="dg-shape"></div></div>
    <div class="dg-stage" tabindex="0" role="group" aria-label="${html(w.picture)}"></div>`;
  told.innerHTML = `<p class="scene-sentence dg-says" role="status"></p>
    <div class="scene-controls dense-strip" data-unsaved>${
    button("first", "M3 3h2v10H3z M13 3v10L6 8z")
  }${button("back", "M11 3v10L4 8z")}<button type="button" class="dg-play" data-do="play"></button>
    ${button("forward", "M5 3v10l7-5z")}${button("last", "M11 3h2v10h-2z M3 3v10l7-5z")}
    <input type="range" min="0" step="1" aria-label="${html(w.jump)}"><span class="dg-count"></span>
    <label class="dg-speed">${html(w.speed)} <select>${
    SPEEDS.map((s) => `<option value="${s}"${s === 1 ? " selected" : ""}>${s}×</option>`).join("")
  }</select></label>
    <button type="button" class="dg-maps" data-do="maps">${html(w.show_maps)}</button></div>
    <details class="scene-more dg-more"><summary>${html(w.glass)}</summary>
    <div class="dg-lens"></div><div class="dg-totals"></div></details>`;
  const find = (within, name) => within.querySelector(`.dg-${name}`);
  parts = {
    ...Object.fromEntries(
      ["head", "where", "sum", "shape", "stage"].map((name) => [name, find(root, name)]),
    ),
    ...Object.fromEntries(
      ["count", "says", "more", "lens", "totals", "play", "maps"].map((name) => [
        name,
        find(told, name),
      ]),
    ),
    told,
    range: told.querySelector("input"),
  };
  told.addEventListener("click", press);
  told.addEventListener("input", slide);
  told.addEventListener("change", hasten);
  parts.more.addEventListener("toggle", closer);
}

// Where everything stands, in units of one layer's width.
function layout() {
  const width = Math.max(280, root.clientWidth);
  const style = getComputedStyle(root);
  const em = parseFloat(style.fontSize);
  const room = parseFloat(style.getPropertyValue("--room")) || 0;
  const small = width < 560;
  const pad = 6, stub = small ? 1.2 : 1.6, gap = 2.6, tail = 1.4;
  let units = tail;
  data.blocks.forEach((block, i) => {
    units += stub + block.layers.length + (i ? gap : 0);
  });
  const squeezedLast = data.steps.at(-1).kind === "transition" ||
    data.steps.at(-2)?.kind === "transition";
  if (squeezedLast) units += gap + 1;
  const unit = (width - 2 * pad) / units;
  const most = Math.max(
    ...data.steps.map((
      step,
    ) => (step.kind === "classifier" ? step.in : Math.max(step.in, step.out))),
  );
  const top = em * 3.4, below = em * (small ? 1.8 : 3);
  const head = parts.head.offsetHeight;
  const tall = room
    ? Math.max(120, room - head - top - below - 6)
    : small
    ? 190
    : Math.min(330, Math.max(250, width * 0.31));
  const base = top + tall;
  const y = (channels) => base - (channels / most) * tall;
  let x = pad;
  data.blocks.forEach((block, i) => {
    if (i) x += gap * unit;
    block.left = x;
    block.start = x + stub * unit;
    block.right = block.start + block.layers.length * unit;
    x = block.right;
  });
  return {
    width,
    em,
    small,
    unit,
    stub,
    gap,
    top,
    base,
    y,
    tall,
    height: base + below,
    head,
    // Of what stands below the picture: measured here, not at every step.
    full: Math.max(280, parts.told.clientWidth),
  };
}

function picture() {
  const g = (data.geometry = layout());
  parts.stage.replaceChildren();
  const canvas = svg("svg", {
    viewBox: `0 0 ${g.width} ${g.height}`,
    width: g.width,
    height: g.height,
    role: "img",
  }, parts.stage);
  parts.canvas = canvas;
  bands = [];
  data.blocks.forEach((block) => drawBlock(canvas, block, g));
  data.steps.forEach((step, i) => {
    if (step.kind === "transition") drawSqueeze(canvas, step, i, g);
  });
  const reader = svg("g", { class: "dg-reader" }, canvas);
  parts.sheen = svg("path", { class: "dg-sheen" }, reader);
  parts.beam = svg("rect", { class: "dg-beam", rx: 2 }, reader);
  parts.bracket = svg("path", { class: "dg-bracket" }, reader);
  parts.tagBox = svg("rect", { class: "dg-tag-box", rx: 6 }, reader);
  parts.tag = svg("text", { class: "dg-tag", "text-anchor": "middle" }, reader);
  // Touching or clicking a place of the picture goes to the step that stands there.
  canvas.addEventListener("click", (event) => {
    const place = canvas.getBoundingClientRect();
    const x = ((event.clientX - place.left) / place.width) * g.width;
    let best = 0;
    data.steps.forEach((step, i) => {
      if (Math.abs(column(step, g) - x) < Math.abs(column(data.steps[best], g) - x)) best = i;
    });
    pause();
    go(best);
  });
}

function column(step, g) {
  const block = data.blocks.find((one) => one.number === step.block);
  if (step.kind === "stem") return data.blocks[0].left;
  if (step.kind === "layer") return block.start + (step.layer - 0.5) * g.unit;
  if (step.kind === "transition") return block.right + (g.gap / 2) * g.unit;
  return data.blocks.at(-1).right + g.unit;
}

function drawBlock(canvas, block, g) {
  const group = svg("g", { class: "dg-block", "data-block": block.number }, canvas);
  // What is still to come: the staircase of the block, empty.
  let outline = `M${block.left} ${g.base} V${g.y(block.input)} H${block.start}`;
  block.layers.forEach((step, i) => {
    outline += ` V${g.y(step.out)} H${block.start + (i + 1) * g.unit}`;
  });
  svg("path", { class: "dg-ghost", d: outline + ` V${g.base} Z` }, group);
  const band = (from, low, high, index, tint, text) => {
    const rect = svg("rect", {
      class: "dg-band",
      x: from,
      width: block.right - from,
      y: g.y(high),
      height: Math.max(0.8, g.y(low) - g.y(high) - 0.7),
      rx: g.unit > 14 ? 2 : 0,
      fill: `color-mix(in oklab, var(--family-densenet) ${tint}%, var(--surface))`,
    }, group);
    title(rect, text);
    bands.push({ rect, index, block: block.number });
  };
  const count = block.layers.length;
  const w = data.words;
  const before = block.first - 1;
  band(
    block.left,
    0,
    block.input,
    before,
    26,
    fill(w.band_input, { block: block.number, channels: whole(block.input) }),
  );
  block.layers.forEach((step, i) =>
    band(
      block.start + i * g.unit,
      step.in,
      step.out,
      block.first + i,
      Math.round(40 + (60 * (i + 1)) / count),
      fill(w.band, { block: step.block, layer: step.layer, k: whole(step.out - step.in) }),
    )
  );
  const middle = (block.left + block.right) / 2, wide = block.right - block.left;
  const name = wide > g.em * 6.2 ? fill(w.block, { block: block.number }) : String(block.number);
  svg(
    "text",
    { class: "dg-name", x: middle, y: g.base + g.em * 1.25, "text-anchor": "middle" },
    group,
    name,
  );
  if (!g.small) {
    const place = wide > g.em * 8
      ? `${fill(w.layers, { count })} · ${block.size} × ${block.size}`
      : wide > g.em * 4
      ? `${block.size} × ${block.size}`
      : "";
    svg(
      "text",
      { class: "dg-size", x: middle, y: g.base + g.em * 2.5, "text-anchor": "middle" },
      group,
      place,
    );
  }
  const end = svg(
    "text",
    {
      class: "dg-end",
      x: block.right,
      y: g.y(block.layers.at(-1).out) - g.em * 0.4,
      "text-anchor": "end",
    },
    group,
    whole(block.layers.at(-1).out),
  );
  bands.push({ rect: end, index: block.first + count - 1, block: block.number, label: true });
}

function drawSqueeze(canvas, step, index, g) {
  const block = data.blocks.find((one) => one.number === step.block);
  const right = block.right + g.gap * g.unit, inset = Math.min(3, g.unit * 0.3);
  const points = [[block.right + inset, g.y(step.in)], [right - inset, g.y(step.out)], [
    right - inset,
    g.base,
  ], [block.right + inset, g.base]];
  const shapePoints = points.map((p) => p.join(",")).join(" ");
  svg("polygon", { class: "dg-ghost", points: shapePoints }, canvas);
  const node = svg("polygon", { class: "dg-squeeze", points: shapePoints }, canvas);
  title(
    node,
    fill(data.words.says_transition, {
      in: whole(step.in),
      out: whole(step.out),
      theta: data.theta,
    }),
  );
  bands.push({ rect: node, index, block: 0 });
  if (index === data.steps.length - 1 || data.steps[index + 1].kind === "classifier") {
    // Squeezed behind the last block: what comes out has no block to stand in.
    const rest = svg("rect", {
      class: "dg-band",
      x: right,
      width: g.unit,
      y: g.y(step.out),
      height: g.base - g.y(step.out),
      fill: "color-mix(in oklab, var(--family-densenet) 26%, var(--surface))",
    }, canvas);
    const label = svg(
      "text",
      { class: "dg-end", x: right + g.unit, y: g.y(step.out) - g.em * 0.4, "text-anchor": "end" },
      canvas,
      whole(step.out),
    );
    bands.push({ rect: rest, index, block: 0 }, { rect: label, index, block: 0, label: true });
  }
}

function show(animate) {
  const step = data.steps[at], g = data.geometry, w = data.words;
  if (root.dataset.step !== String(at)) root.dataset.step = at;
  // It keeps its place where it has nothing to show: the picture would jump.
  parts.maps.style.visibility = step.kind === "layer" ? "" : "hidden";
  parts.maps.disabled = !data.model;
  parts.maps.title = data.model ? "" : w.no_maps;
  parts.maps.setAttribute("aria-pressed", String(four.picked(MAPS) === here()));
  root.dataset.steps = data.steps.length;
  root.dataset.channels = step.kind === "classifier" ? step.in : step.out;
  root.classList.toggle("moves", Boolean(animate) && !still());
  const reading = step.kind === "classifier" ? data.blocks.at(-1).number : step.block;
  bands.forEach(({ rect, index, block, label }) => {
    const there = index <= at;
    rect.classList.toggle("on", there);
    rect.classList.toggle("new", index === at && !label);
    rect.classList.toggle("read", there && index < at && block === reading);
    rect.classList.toggle("rest", there && block !== reading && index !== at);
  });
  const k = step.out - step.in;
  const values = {
    block: step.block,
    layer: step.layer,
    count: data.blocks.find((b) => b.number === step.block)?.layers.length,
    in: whole(step.in),
    k: whole(k),
    out: whole(step.out),
    theta: data.theta,
  };
  const kind = step.kind === "stem" && step.in === 0 ? "input" : step.kind;
  parts.where.textContent = fill(w[`at_${kind}`], values);
  const said = fill(w.so_far, {
    says: fill(w[`says_${kind}`], values),
    parameters: whole(step.params),
    macs: short(step.macs),
  });
  parts.says.textContent = said;
  parts.canvas.setAttribute("aria-label", `${parts.where.textContent}: ${said}`);
  parts.sum.innerHTML = {
    stem: step.in
      ? `<span>${values.in}</span><i>→</i><b>${values.out}</b>`
      : `<b>${values.out}</b>`,
    layer:
      `<span class="dg-in">${values.in}</span><i>+</i><span class="dg-k">${values.k}</span><i>=</i><b>${values.out}</b>`,
    transition:
      `<span class="dg-in">${values.in}</span><i>× ${data.theta} →</i><b>${values.out}</b>`,
    classifier: `<span class="dg-in">${values.in}</span><i>→</i><b>${values.out}</b>`,
  }[step.kind];
  parts.shape.textContent = step.kind === "classifier"
    ? whole(step.out)
    : shape(step.out, step.outSize);
  parts.range.max = data.steps.length - 1;
  parts.range.value = at;
  parts.count.textContent = fill(w.step, { step: at, count: data.steps.length - 1 });
  point(step, g);
  closer();
}

// What stands under the fold, while it is open.
function closer() {
  if (!data || !parts.more.open) return;
  lens(data.steps[at]);
  totals(data.steps[at]);
}

// The layer that is in sight, as the link names it.
function here() {
  const { block, layer } = data.steps[at];
  return [data.model, block, layer].join(",");
}

function stairs(step, g) {
  const block = data.blocks.find((one) => one.number === step.block);
  let path = `M${block.left} ${g.base} V${g.y(block.input)} H${block.start}`;
  block.layers.slice(0, step.layer - 1).forEach((layer, i) => {
    path += ` V${g.y(layer.out)} H${block.start + (i + 1) * g.unit}`;
  });
  return `${path} H${column(step, g)} V${g.base} Z`;
}

// The reader stands in its layer's column: a bracket round all it reads, and what it adds on top.
function point(step, g) {
  const x = column(step, g), high = g.y(step.in), over = step.kind === "layer";
  const half = Math.max(2, Math.min(g.unit * 0.32, 9));
  const set = (node, attributes) => {
    for (const key in attributes) node.setAttribute(key, attributes[key]);
  };
  set(
    parts.beam,
    over
      ? { x: x - half, y: high, width: 2 * half, height: g.base - high }
      : { width: 0, height: 0, x, y: g.base },
  );
  // One shape lights up over everything that is read: a hundred bands on their own would stutter.
  parts.sheen.setAttribute("d", over ? stairs(step, g) : "");
  parts.bracket.setAttribute(
    "d",
    over ? `M${x - half - 4} ${high} H${x - half} V${g.base} H${x - half - 4}` : "",
  );
  const peak = step.kind === "stem"
    ? g.y(step.out)
    : g.y(Math.max(step.in, step.kind === "layer" ? step.out : 0));
  const text = {
    stem: whole(step.out),
    layer: `+${whole(step.out - step.in)}`,
    transition: `${whole(step.in)} → ${whole(step.out)}`,
    classifier: `→ ${whole(step.out)}`,
  }[step.kind];
  const width = text.length * g.em * 0.62 + g.em * 0.9, tall = g.em * 1.65;
  const middle = Math.min(g.width - width / 2 - 2, Math.max(width / 2 + 2, x)),
    low = Math.max(tall + 2, peak - g.em * 1.75);
  set(parts.tagBox, { x: middle - width / 2, y: low - tall, width, height: tall });
  set(parts.tag, { x: middle, y: low - tall * 0.29 });
  parts.tag.textContent = text;
}

function totals(step) {
  const w = data.words, last = data.steps.at(-1), before = data.steps[at - 1];
  const tile = (name, label, now, exact, end, share, added) =>
    `<div class="dg-total ${name}" title="${html(exact)}"><span>${
      html(label)
    }</span><b>${now}</b><em>${end}</em>
    <i><s style="width:${(share * 100).toFixed(2)}%"></s></i>${
      added ? `<small>${added}</small>` : ""
    }</div>`;
  const share = (now, end) => (end ? now / end : 0);
  const plus = (now, old) => (before ? `+${short(now - old)}` : "");
  parts.totals.innerHTML = tile(
    "dg-params",
    w.parameters,
    whole(step.params),
    whole(step.params),
    fill(w.of, { total: whole(last.params) }),
    share(step.params, last.params),
    plus(step.params, before?.params),
  ) +
    tile(
      "dg-macs",
      w.total_macs,
      short(step.macs),
      whole(step.macs),
      fill(w.of, { total: short(last.macs) }),
      share(step.macs, last.macs),
      plus(step.macs, before?.macs),
    ) +
    `<div class="dg-total dg-memory" title="${html(w.memory)}"><span>${html(w.memory)}</span>
    <label>${html(w.naive)}<b>${
      megabytes(step.naive)
    }</b></label><i><s class="naive" style="width:${
      (share(step.naive, last.naive) * 100).toFixed(2)
    }%"></s></i>
    <label>${html(w.shared)}<b>${megabytes(step.shared)}</b></label><i><s style="width:${
      (share(step.shared, last.naive) * 100).toFixed(2)
    }%"></s></i></div>`;
}

function go(to, animate = true) {
  const next = Math.min(data.steps.length - 1, Math.max(0, to));
  const forward = next === at + 1;
  at = next;
  show(animate && forward);
  if (!timer) keepStep();
}
function keepStep() {
  const last = at === data.steps.length - 1;
  tell(STEP, last ? "" : String(at));
}
function tell(name, value) {
  if (four.picked(name) === value) return;
  four.pick(name, value);
  trigger("click");
}

// Short plans take their time, long ones about half a minute.
const pace = () => Math.min(1100, Math.max(240, 30000 / data.steps.length)) / speed;
function playing(on) {
  parts.play.textContent = on ? "❚❚ " + data.words.pause : "▶ " + data.words.play;
  parts.play.setAttribute("aria-pressed", String(on));
  parts.says.setAttribute("aria-live", on ? "off" : "polite");
  root.style.setProperty("--dg-motion", `${Math.min(300, Math.max(150, pace() * 0.7))}ms`);
}
function pause() {
  window.clearTimeout(timer);
  timer = 0;
  playing(false);
}
function tick() {
  if (!root.isConnected || at >= data.steps.length - 1) {
    pause();
    keepStep();
    return;
  }
  go(at + 1);
  timer = window.setTimeout(tick, pace());
}
function play() {
  timer = window.setTimeout(tick, pace() / 2);
  if (at >= data.steps.length - 1) go(0, false);
  playing(true);
}

const actions = {
  first: () => {
    pause();
    go(0);
  },
  last: () => {
    pause();
    go(data.steps.length - 1);
  },
  back: () => {
    pause();
    go(at - 1);
  },
  forward: () => {
    pause();
    go(at + 1);
  },
  play: () => {
    if (!timer) return play();
    pause();
    keepStep();
  },
  maps: () => {
    pause();
    keepStep();
    tell(MAPS, four.picked(MAPS) === here() ? "" : here());
    show(false);
  },
};
function press(event) {
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do]();
}
function slide(event) {
  if (event.target.type !== "range") return;
  pause();
  go(Number(event.target.value));
}
function hasten(event) {
  if (event.target.tagName !== "SELECT") return;
  speed = Number(event.target.value);
  playing(Boolean(timer));
}
root.addEventListener("keydown", (event) => {
  const action = {
    ArrowRight: "forward",
    ArrowLeft: "back",
    Home: "first",
    End: "last",
    " ": "play",
  }[event.key];
  // In the presentation view arrows come as steps of the scene, and go on to the next at the end.
  const walks = document.body.classList.contains("presentation") && event.key.startsWith("Arrow");
  if (action && data && !walks) {
    event.preventDefault();
    actions[action]();
  }
});
element.closest(".scene")?.addEventListener("scene-step", (event) => {
  const to = at + event.detail.by;
  if (!data || to < 0 || to >= data.steps.length) return;
  event.preventDefault();
  pause();
  go(to);
});
// A link brings a step, and the layer whose maps are shown.
window.addEventListener("picked", ({ detail }) => {
  if (!data || timer || ![STEP, MAPS].includes(detail.name)) return;
  if (detail.name === STEP && at === wanted()) return;
  at = wanted();
  // What had no room yet is drawn at this step once it has.
  if (data.geometry) show(false);
});
function wanted() {
  const last = data.steps.length - 1, step = four.picked(STEP);
  return /^\d+$/.test(step) ? Math.min(Number(step), last) : last;
}

// Drawn again when the width changes, or the size of letters in the presentation view.
let drawn = "";
function redraw() {
  if (!data || !root.clientWidth) return;
  const style = getComputedStyle(root);
  const room = Math.round(parseFloat(style.getPropertyValue("--room")) || 0);
  const now = `${root.clientWidth} ${style.fontSize} ${room}`;
  if (now === drawn) return;
  drawn = now;
  picture();
  // Numbers that come with a wish to see them played are played once, when there is room to.
  const wished = data.wish && data.wish !== granted;
  granted = data.wish;
  if (wished) at = 0;
  show(false);
  // The first time there was no equation over the picture yet, which takes room of its own.
  if (parts.head.offsetHeight !== data.geometry.head) {
    picture();
    show(false);
  }
  if (wished) play();
}
new ResizeObserver(redraw).observe(root);
window.addEventListener("resize", redraw);
window.addEventListener("scene-fitted", redraw);

function take() {
  const told = document.querySelector("#dense-told .dense-told");
  if (!told) {
    window.requestAnimationFrame(take);
    return;
  }
  if (!props.value.startsWith("{")) {
    // Why there is no network of these numbers.
    data = null;
    told.replaceChildren();
    root.innerHTML = props.value;
    return;
  }
  const fresh = !data;
  const next = read(props.value);
  if (timer) keepStep();
  data = next;
  // A plan that only moved a little keeps the reader's place; one that was seen whole opens whole.
  if (fresh) skeleton(told);
  at = wanted();
  pause();
  drawn = "";
  redraw();
}
watch("value", take);
take();
