// What the page's CSS paints, as plain SVG that every drawing program reads: colours without
// variables or mixes, gradients, boxes with their borders. Coordinates are the window's.
window.four.paint = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const round = (number) => Math.round(number * 100) / 100;

  function node(name, attributes = {}, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined || value === "") continue;
      made.setAttribute(key, typeof value === "number" ? round(value) : value);
    }
    made.append(...children);
    return made;
  }

  // Any CSS colour -> ["#rrggbb", opacity]; a canvas knows what oklab() and color-mix() come to.
  const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = pixel.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  function colour(css) {
    if (!known.has(css)) {
      const plain = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(css);
      known.set(css, plain ? hex(plain.slice(1, 4), plain[4] ?? 1) : mixed(css));
    }
    return known.get(css);
  }
  function mixed(css) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = "transparent";
    brush.fillStyle = css;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
    return hex([red, green, blue], alpha / 255);
  }
  const hex = (channels, alpha) => [
    "#" + channels.map((value) => Number(value).toString(16).padStart(2, "0")).join(""),
    round(Number(alpha)),
  ];
  // Attributes of a fill or a stroke in that colour.
  function inked(kind, css, opacity = 1) {
    const [value, alpha] = colour(css);
    const both = round(alpha * opacity);
    return { [kind]: value, [`${kind}-opacity`]: both < 1 ? both : undefined };
  }
  const visible = (css) => colour(css)[1] > 0;

  // "a, f(b, c), d" -> ["a", "f(b, c)", "d"]
  function listed(css) {
    const parts = [""];
    let depth = 0;
    for (const letter of css) {
      if (letter === "(") depth += 1;
      if (letter === ")") depth -= 1;
      if (letter === "," && !depth) parts.push("");
      else parts[parts.length - 1] += letter;
    }
    return parts.map((part) => part.trim()).filter(Boolean);
  }

  const SIDES = { "to top": 0, "to right": 90, "to bottom": 180, "to left": 270 };
  const MIXES = 8;
  // A CSS linear gradient over a box, for the definitions of the drawing.
  function gradient(css, box, id) {
    const [, repeating, inner] = /^(repeating-)?linear-gradient\((.*)\)$/s.exec(css);
    const parts = listed(inner);
    const space = /\bin (\w+)/.exec(parts[0])?.[1];
    const line = parts[0].replace(/\s*\bin \w+/, "");
    const directed = /deg$/.test(line) || line in SIDES;
    const angle = ((SIDES[line] ?? (directed ? parseFloat(line) : 180)) * Math.PI) / 180;
    const [dx, dy] = [Math.sin(angle), -Math.cos(angle)];
    const length = Math.abs(box.width * dx) + Math.abs(box.height * dy);
    const stops = placed(directed || space ? parts.slice(1) : parts, length);
    const end = repeating ? stops.at(-1).at : 1;
    const x = box.x + box.width / 2 - (dx * length) / 2;
    const y = box.y + box.height / 2 - (dy * length) / 2;
    return node(
      "linearGradient",
      {
        id,
        gradientUnits: "userSpaceOnUse",
        x1: x,
        y1: y,
        x2: x + dx * length * end,
        y2: y + dy * length * end,
        spreadMethod: repeating ? "repeat" : undefined,
      },
      ...between(stops, space).map(({ tone, at }) => {
        const [value, alpha] = colour(tone);
        const opacity = alpha < 1 ? alpha : undefined;
        return node("stop", {
          offset: round(at / end),
          "stop-color": value,
          "stop-opacity": opacity,
        });
      }),
    );
  }
  function placed(parts, length) {
    const stops = [];
    for (const part of parts) {
      const places = [];
      let tone = part;
      for (
        let found;
        (found = /\s+(-?[\d.]+)(%|px)$/.exec(tone));
        tone = tone.slice(0, found.index)
      ) {
        places.unshift(found[2] === "%" ? found[1] / 100 : found[1] / length);
      }
      (places.length ? places : [undefined]).forEach((at) => stops.push({ tone, at }));
    }
    stops[0].at ??= 0;
    stops.at(-1).at ??= 1;
    stops.forEach((one, i) => {
      if (one.at !== undefined) return;
      const next = stops.findIndex((other, j) => j > i && other.at !== undefined);
      one.at = stops[i - 1].at + (stops[next].at - stops[i - 1].at) / (next - i + 1);
    });
    return stops;
  }
  // Drawing programs mix in sRGB: a gradient through another space gets stops in between.
  function between(stops, space) {
    if (!space) return stops;
    return stops.flatMap((one, i) => {
      const next = stops[i + 1];
      if (!next) return [one];
      return Array.from({ length: MIXES }, (_, k) => ({
        tone: `color-mix(in ${space}, ${one.tone}, ${next.tone} ${(100 * k) / MIXES}%)`,
        at: one.at + ((next.at - one.at) * k) / MIXES,
      }));
    });
  }

  // Computed radii may still be "8px", "50%" or "min(8px, 4%)".
  function radius(style, box) {
    const sizes = style.borderTopLeftRadius.match(/-?[\d.]+(px|%)/g) ?? ["0px"];
    const pixels = sizes.map((size) =>
      size.endsWith("%") ? (parseFloat(size) / 100) * box.width : parseFloat(size)
    );
    return Math.min(...pixels, box.width / 2, box.height / 2);
  }
  const inset = (box, by) => ({
    x: box.x + by,
    y: box.y + by,
    width: Math.max(0, box.width - 2 * by),
    height: Math.max(0, box.height - 2 * by),
  });
  const rectangle = (box, corner, attributes) =>
    node("rect", {
      x: box.x,
      y: box.y,
      width: box.width,
      height: box.height,
      rx: corner || undefined,
      ...attributes,
    });
  const ring = (box, corner, by, width, css) =>
    rectangle(inset(box, by), Math.max(0, corner - by), {
      fill: "none",
      ...inked("stroke", css),
      "stroke-width": width,
    });

  // Shadows that are rings: what is blurred would only be dirt on a slide.
  function rings(style, box, corner, inside) {
    if (style.boxShadow === "none") return [];
    return listed(style.boxShadow).flatMap((shadow) => {
      const [x, y, blur, spread] = shadow.match(/-?[\d.]+px/g).map(parseFloat);
      if (shadow.endsWith("inset") !== inside || x || y || blur || !spread) return [];
      const tone = shadow.replace(/(\s+-?[\d.]+px){4}.*$/, "");
      return [ring(box, corner, (inside ? spread : -spread) / 2, spread, tone)];
    });
  }

  function borders(style, box, corner) {
    const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({
      width: parseFloat(style[`border${side}Width`]),
      line: style[`border${side}Style`],
      tone: style[`border${side}Color`],
    }));
    const seen = sides.map(({ width, line, tone }) =>
      width > 0 && line !== "none" && visible(tone)
    );
    if (!seen.includes(true)) return [];
    const [top, right, bottom, left] = sides;
    const same = sides.every(({ width, line, tone }) =>
      width === top.width && line === top.line && tone === top.tone
    );
    const dashes = (
      { width, line },
    ) => (line === "dashed"
      ? `${2 * width} ${2 * width}`
      : line === "dotted"
      ? `${width}`
      : undefined);
    if (same) {
      const whole = ring(box, corner, top.width / 2, top.width, top.tone);
      if (dashes(top)) whole.setAttribute("stroke-dasharray", dashes(top));
      return [whole];
    }
    const { x, y, width, height } = box;
    const ends = [
      [x, y + top.width / 2, x + width, y + top.width / 2],
      [x + width - right.width / 2, y, x + width - right.width / 2, y + height],
      [x, y + height - bottom.width / 2, x + width, y + height - bottom.width / 2],
      [x + left.width / 2, y, x + left.width / 2, y + height],
    ];
    return sides.flatMap((side, i) => {
      if (!seen[i]) return [];
      const [x1, y1, x2, y2] = ends[i];
      const drawn = {
        ...inked("stroke", side.tone),
        "stroke-width": side.width,
        "stroke-dasharray": dashes(side),
      };
      return [node("line", { x1, y1, x2, y2, ...drawn })];
    });
  }

  // What is not a shape itself, cut to a box with round corners; inside a group, for its filter.
  function rounded(drawn, place, corner, define) {
    if (!corner) return drawn;
    const id = define((name) => node("clipPath", { id: name }, rectangle(place, corner, {})));
    return node("g", { "clip-path": `url(#${id})` }, drawn);
  }

  const FITS = { fill: "none", cover: "xMidYMid slice", contain: "xMidYMid meet" };

  // Everything that a box is painted with; `define` takes a function of an id that makes a definition.
  function box(style, place, define) {
    const corner = radius(style, place);
    const drawn = rings(style, place, corner, false);
    if (visible(style.backgroundColor)) {
      drawn.push(rectangle(place, corner, inked("fill", style.backgroundColor)));
    }
    for (
      const layer of style.backgroundImage === "none" ? [] : listed(style.backgroundImage).reverse()
    ) {
      const photo = /^url\("(data:.*)"\)$/s.exec(layer);
      if (photo) {
        const fit = FITS[style.backgroundSize] ?? "none";
        drawn.push(
          rounded(
            node("image", { href: photo[1], ...place, preserveAspectRatio: fit }),
            place,
            corner,
            define,
          ),
        );
      } else if (/^(repeating-)?linear-gradient/.test(layer)) {
        const id = define((name) => gradient(layer, place, name));
        drawn.push(rectangle(place, corner, { fill: `url(#${id})` }));
      }
    }
    return [...drawn, ...rings(style, place, corner, true), ...borders(style, place, corner)];
  }

  return { node, round, colour, inked, visible, radius, rectangle, rounded, box, FITS };
})();
