// One layer under the glass: stack, bracket, trapezoids, new band, taller stack.
// deno-lint-ignore no-unused-vars -- dense_growth.js, which follows it in one script, calls it
function lens(step) {
  const w = data.words;
  if (step.kind === "stem") {
    parts.lens.replaceChildren();
    return;
  }
  // Not measured again: asking the browser for a width here would lay the page out at every step.
  const { em, full: width, small } = data.geometry;
  const tall = small ? 120 : 150,
    top = em * 1.7,
    middle = top + tall / 2,
    height = top + tall + em * 4.6;
  const middleWidth = step.kind === "layer" ? (step.w1 ? Math.round(step.w1 / step.in) : 0) : 0;
  const most = Math.max(step.in, step.kind === "classifier" ? 0 : step.out, middleWidth);
  const h = (channels) => Math.max(3, (channels / most) * tall);
  const picture = document.createElementNS(SVG, "svg");
  Object.entries({
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": parts.says.textContent,
  }).forEach(([k, v]) => picture.setAttribute(k, v));
  const size = `${step.size} × ${step.size}`, end = `${step.outSize} × ${step.outSize}`;
  const stack = (x, wide, total, fresh) => {
    const low = middle + h(total) / 2;
    const block = data.blocks.find((one) => one.number === step.block);
    const sources = [block.input, ...block.layers.map((layer) => layer.out)].filter((c) =>
      c <= total
    );
    let from = 0;
    sources.forEach((to, i) => {
      const tint = i === 0 ? 26 : Math.round(40 + (60 * i) / block.layers.length);
      const newest = fresh && to === total;
      svg("rect", {
        class: newest ? "dg-lens-new" : "",
        x,
        width: wide,
        y: low - h(total) * (to / total),
        height: Math.max(0.7, h(total) * ((to - from) / total) - 0.5),
        fill: `color-mix(in oklab, var(--family-densenet) ${tint}%, var(--surface))`,
      }, picture);
      from = to;
    });
  };
  const plain = (x, wide, channels, name) =>
    svg("rect", {
      class: name,
      x,
      width: wide,
      y: middle - h(channels) / 2,
      height: h(channels),
      rx: 2,
    }, picture);
  const trapezoid = (x, wide, from, to, sign) => {
    svg("polygon", {
      class: "dg-lens-op",
      points: `${x},${middle - h(from) / 2} ${x + wide},${middle - h(to) / 2} ${x + wide},${
        middle + h(to) / 2
      } ${x},${middle + h(from) / 2}`,
    }, picture);
    svg(
      "text",
      { class: "dg-lens-sign", x: x + wide / 2, y: top - em * 0.5, "text-anchor": "middle" },
      picture,
      sign,
    );
  };
  const under = (x, line, text, name) =>
    svg(
      "text",
      { class: name, x, y: top + tall + em * line, "text-anchor": "middle" },
      picture,
      text,
    );
  const data3 = (x, channels, place) => {
    under(x, 1.4, whole(channels), "dg-lens-channels");
    if (place) under(x, 2.6, place, "dg-lens-size");
  };
  const cost = (x, weights, macs) => {
    under(x, 1.4, short(weights), "dg-lens-cost");
    under(x, 2.5, w.weights, "dg-lens-size");
    under(x, 3.6, `${short(macs)} ${w.macs}`, "dg-lens-size");
  };
  const arrow = (x1, x2) =>
    svg("path", {
      class: "dg-lens-arrow",
      d: `M${x1} ${middle} H${x2 - 5} M${x2 - 9} ${middle - 4} L${x2 - 4} ${middle} L${x2 - 9} ${
        middle + 4
      }`,
    }, picture);
  const head = (x, text) => {
    if (!small) {
      svg(
        "text",
        { class: "dg-lens-head", x, y: top - em * 0.5, "text-anchor": "middle" },
        picture,
        text,
      );
    }
  };

  const operations = step.kind === "layer"
    ? [...(middleWidth ? [["1×1", step.in, middleWidth, step.w1, step.m1]] : []), [
      "3×3",
      middleWidth || step.in,
      step.out - step.in,
      step.w3,
      step.m3,
    ]]
    : step.kind === "transition"
    ? [["1×1", step.in, step.out, step.w1, step.m1]]
    : [];
  const cells = 2 * operations.length + 2 + (step.kind === "transition" ? 2 : 0) +
    (step.kind === "classifier" ? 3 : 0);
  const cell = width / cells, bar = Math.min(cell * 0.34, 46);
  let x = cell / 2;
  stack(x - bar / 2, bar, step.in, false);
  svg("path", {
    class: "dg-lens-bracket",
    d: `M${x + bar / 2 + 3} ${middle - h(step.in) / 2} h6 V${middle + h(step.in) / 2} h-6`,
  }, picture);
  head(x, w.reads);
  data3(x, step.in, size);
  let edge = x + bar / 2 + 10;
  operations.forEach(([sign, from, to, weights, macs], i) => {
    x += cell;
    const wide = Math.min(cell * 0.62, 84);
    arrow(edge, x - wide / 2);
    trapezoid(x - wide / 2, wide, from, to, sign);
    cost(x, weights, macs);
    edge = x + wide / 2;
    x += cell;
    const last = i === operations.length - 1;
    arrow(edge, x - bar / 2);
    const fresh = last && step.kind === "layer";
    plain(x - bar / 2, bar, to, fresh ? "dg-lens-new" : "dg-lens-mid");
    if (fresh) head(x, w.adds);
    data3(x, to, size);
    edge = x + bar / 2 + 2;
  });
  if (step.kind === "layer") {
    x += cell;
    arrow(edge, x - bar / 2);
    stack(x - bar / 2, bar, step.out, true);
    head(x, w.passes_on);
    data3(x, step.out, size);
  } else if (step.kind === "transition") {
    x += cell;
    const side = Math.min(44, cell * 0.4);
    arrow(edge, x - side / 2);
    svg("rect", {
      class: "dg-lens-mid",
      x: x - side / 2,
      y: middle - side / 2,
      width: side,
      height: side,
      rx: 2,
    }, picture);
    svg("path", {
      class: "dg-lens-grid",
      d: `M${x} ${middle - side / 2} v${side} M${x - side / 2} ${middle} h${side}`,
    }, picture);
    under(x, 1.4, w.pool, "dg-lens-size");
    under(x, 2.6, "2 × 2", "dg-lens-size");
    edge = x + side / 2 + 2;
    x += cell;
    arrow(edge, x - bar / 2);
    plain(x - bar / 2, bar, step.out, "dg-lens-input");
    head(x, w.passes_on);
    data3(x, step.out, end);
  } else {
    [[w.average, step.in, "1 × 1"], [w.linear, 0, ""]].forEach(([text, channels, place]) => {
      x += cell;
      arrow(edge, x - bar / 2);
      plain(x - bar / 2, bar, channels || step.in, "dg-lens-mid");
      if (channels) data3(x, channels, place);
      else {
        under(x, 1.4, short((step.in + 1) * step.out), "dg-lens-cost");
        under(x, 2.5, w.weights, "dg-lens-size");
      }
      svg(
        "text",
        { class: "dg-lens-head", x, y: top - em * 0.5, "text-anchor": "middle" },
        picture,
        text,
      );
      edge = x + bar / 2 + 2;
    });
    x += cell;
    arrow(edge, x - bar / 2);
    svg("rect", {
      class: "dg-lens-new",
      x: x - bar / 2,
      width: bar,
      y: middle - 20,
      height: 40,
      rx: 2,
    }, picture);
    under(x, 1.4, whole(step.out), "dg-lens-channels");
  }
  parts.lens.replaceChildren(picture);
}
