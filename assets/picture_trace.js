// An element of the page, as it is laid out now, traced as plain SVG: text as text at its measured
// place, boxes as rectangles, pictures with their filters, inline drawings with their styles. No
// foreignObject, so that slides and drawing programs open it.
window.four.trace = (() => {
  const { node, colour, inked, visible, radius, rounded, box, FITS } = window.four.paint;

  // Controls and what follows the pointer are no part of a picture.
  const UNSAVED =
    "input, select, textarea, script, style, noscript, .sr-only, .modebar-container, .hoverlayer, [data-unsaved]";

  // Inherited by what is drawn within; beside them what is not, with its initial value.
  const PASSED_ON = [
    ...[
      "fill-rule",
      "clip-rule",
      "stroke-width",
      "stroke-dasharray",
      "stroke-dashoffset",
      "stroke-linecap",
    ],
    ...[
      "stroke-linejoin",
      "stroke-miterlimit",
      "font-family",
      "font-size",
      "font-style",
      "font-weight",
    ],
    ...[
      "letter-spacing",
      "text-anchor",
      "dominant-baseline",
      "marker-start",
      "marker-mid",
      "marker-end",
    ],
  ];
  const INITIAL = {
    ...{
      fill: "rgb(0, 0, 0)",
      "fill-opacity": "1",
      "fill-rule": "nonzero",
      "clip-rule": "nonzero",
    },
    ...{ stroke: "none", "stroke-opacity": "1", "stroke-width": "1px", "stroke-dasharray": "none" },
    ...{
      "stroke-dashoffset": "0px",
      "stroke-linecap": "butt",
      "stroke-linejoin": "miter",
      "stroke-miterlimit": "4",
    },
    ...{
      "font-style": "normal",
      "font-weight": "400",
      "letter-spacing": "normal",
      "text-anchor": "start",
    },
    ...{
      "dominant-baseline": "auto",
      "marker-start": "none",
      "marker-mid": "none",
      "marker-end": "none",
    },
  };
  const OWN = { "clip-path": "none", mask: "none", filter: "none", "vector-effect": "none" };
  const PAINTED = new Set([
    ...Object.keys(INITIAL),
    ...Object.keys(OWN),
    ...PASSED_ON,
    "opacity",
    "visibility",
    "display",
  ]);
  const LEFT_OUT =
    /^(class|style|id|role|tabindex|xmlns.*|data-.*|aria-.*|on.*|pointer-events|cursor)$/;
  const SIZES = ["x", "y", "cx", "cy", "r", "rx", "ry", "width", "height"];
  const SIZED = "rect, circle, ellipse, image";
  const HOLDERS =
    "defs, marker, clipPath, mask, filter, linearGradient, radialGradient, pattern, symbol";
  const INK = "path, rect, circle, ellipse, line, polyline, polygon";

  const pen = document.createElement("canvas").getContext("2d");

  // One drawing: `element` adds an element of the page to a group, `bounds` is what was painted so
  // far, `definitions` what the drawing refers to. `base` is the style that its root has.
  function tracing(base) {
    const definitions = node("defs");
    const names = new Map();
    let bounds;

    const named = (element) => {
      if (!names.has(element)) names.set(element, `part-${names.size + 1}`);
      return names.get(element);
    };
    function define(make) {
      const id = named({});
      definitions.append(make(id));
      return id;
    }
    // url(#id) of the page -> of this drawing; what no drawing here holds is defined once more.
    function referred(id, home) {
      const target = home?.querySelector(`#${CSS.escape(id)}`) ?? document.getElementById(id);
      if (!target) return "";
      const fresh = !names.has(target);
      const name = named(target);
      if (fresh && !home?.contains(target)) shape(target, definitions, undefined, null, false);
      return name;
    }
    const reference = (css, home) =>
      css.replace(
        /url\(["']?[^)]*?#([^"')]+)["']?\)/g,
        (_, id) => `url(#${referred(id, home)})`,
      );

    // Plotly's own fonts know no Japanese: the page's stand behind them.
    const family = (fonts) => (fonts === base.fontFamily ? fonts : `${fonts}, ${base.fontFamily}`);

    function painted({ x, y, width, height }) {
      if (!width && !height) return;
      const [right, bottom] = [x + width, y + height];
      bounds ??= { left: x, top: y, right, bottom };
      bounds.left = Math.min(bounds.left, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.right = Math.max(bounds.right, right);
      bounds.bottom = Math.max(bounds.bottom, bottom);
    }

    function element(source, into) {
      if (source.matches(UNSAVED)) return;
      const style = getComputedStyle(source);
      if (
        style.display === "none" || style.opacity === "0" || style.clipPath.startsWith("inset(50%")
      ) return;
      const seen = style.visibility === "visible";
      const place = source.getBoundingClientRect();
      let group = wrapped(style, into, source);
      if (style.display !== "contents" && seen) boxes(source, style, place, group);
      if (source.matches("svg")) drawing(source, group);
      else if (source.matches("img, canvas")) picture(source, style, place, group);
      else {
        group = clipped(source, style, place, group);
        for (const child of inOrder(source)) {
          if (child.nodeType === Node.TEXT_NODE) seen && words(child, style, group);
          else element(child, group);
        }
      }
    }

    // A group for what holds for an element and all in it.
    function wrapped(style, into, source) {
      const attributes = {};
      if (style.opacity !== "1") attributes.opacity = style.opacity;
      if (style.filter !== "none" && !source.matches("img")) {
        attributes.filter = reference(style.filter);
      }
      if (style.mixBlendMode !== "normal") {
        attributes.style = `mix-blend-mode:${style.mixBlendMode}`;
      }
      return Object.keys(attributes).length ? into.appendChild(node("g", attributes)) : into;
    }

    function boxes(source, style, place, into) {
      const places = style.display === "inline" ? source.getClientRects() : [place];
      for (const { x, y, width, height } of places) {
        if (!width || !height) continue;
        const drawn = box(style, { x, y, width, height }, define);
        into.append(...drawn);
        if (drawn.length) painted({ x, y, width, height });
      }
    }

    function clipped(source, style, place, into) {
      if (!/hidden|clip/.test(style.overflowX + style.overflowY) || !source.childElementCount) {
        return into;
      }
      const corner = radius(style, place);
      const over = source.scrollWidth > source.clientWidth ||
        source.scrollHeight > source.clientHeight;
      if (!corner && !over) return into;
      const group = node("g");
      into.append(rounded(group, place, corner, define));
      return group;
    }

    function picture(source, style, place, into) {
      const href = source.matches("canvas") ? source.toDataURL() : pixels(source);
      if (!href) return;
      const room = content(style, place);
      const corner = radius(style, place);
      const attributes = { href, ...room, preserveAspectRatio: FITS[style.objectFit] ?? "none" };
      if (style.filter !== "none") attributes.filter = reference(style.filter);
      if (style.imageRendering !== "auto") {
        attributes.style = `image-rendering:${style.imageRendering}`;
      }
      into.append(rounded(node("image", attributes), room, corner, define));
      painted(room);
    }

    // A text node as lines where the browser broke them.
    function words(source, style, into) {
      for (const { line, left, right, top, bottom } of linesOf(source)) {
        pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = pen.measureText(line);
        const baseline = top + (bottom - top) * (up / (up + down));
        const [anchor, x] =
          { center: ["middle", (left + right) / 2], right: ["end", right], end: ["end", right] }[
            style.textAlign
          ] ?? [undefined, left];
        const attributes = {
          ...{ x, y: baseline, "text-anchor": anchor },
          "font-family": style.fontFamily === base.fontFamily
            ? undefined
            : family(style.fontFamily),
          "font-size": parseFloat(style.fontSize),
          "font-weight": style.fontWeight === "400" ? undefined : style.fontWeight,
          "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
          "letter-spacing": style.letterSpacing === "normal"
            ? undefined
            : parseFloat(style.letterSpacing),
          "text-decoration": /line-through/.exec(style.textDecorationLine)?.[0],
          style: numerals(style) === numerals(base) ? undefined : numerals(style),
          ...inked("fill", style.color),
        };
        into.append(node("text", attributes, cased(line, style.textTransform)));
        painted({ x: left, y: top, width: right - left, height: bottom - top });
      }
    }

    function drawing(source, into) {
      const matrix = source.getScreenCTM();
      if (!matrix) return;
      const style = getComputedStyle(source);
      const passed = passedOn(style);
      const above = { ...INITIAL, "font-family": base.fontFamily };
      const styles = stylesOf(style, passed, above, source);
      // As of every element these are the surrounding group's.
      delete styles.opacity;
      delete styles.filter;
      const group = into.appendChild(node("g", { transform: written(matrix), ...styles }));
      for (const child of source.children) shape(child, group, passed, source, true);
    }

    // One element of a drawing. `above` holds what its parent passes on, `drawn` is false for what
    // is only referred to.
    function shape(source, into, above, home, drawn) {
      if (source.matches("style, script, metadata, foreignObject") || source.matches(UNSAVED)) {
        return;
      }
      if (source.matches("title, desc")) {
        into.append(node(source.localName, {}, source.textContent));
        return;
      }
      const shown = drawn && !source.matches(HOLDERS);
      const style = getComputedStyle(source);
      const leaf = source.matches(INK) || source.matches("text, tspan, image, use");
      if (shown && (style.display === "none" || style.opacity === "0")) return;
      if (shown && leaf && style.visibility !== "visible") return;
      if (shown && source.matches(INK) && bare(style)) return;
      const passed = passedOn(style);
      const made = node(source.matches("svg") ? "g" : source.localName, {
        ...attributesOf(source, style, shown, home),
        ...stylesOf(style, passed, above ?? passed, home),
      });
      into.append(made);
      for (const child of source.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) made.append(child.data);
        else if (child.nodeType === Node.ELEMENT_NODE) shape(child, made, passed, home, shown);
      }
      if (shown && leaf && source.localName !== "tspan") painted(source.getBoundingClientRect());
    }

    function attributesOf(source, style, shown, home) {
      const found = {};
      if (source.id) found.id = named(source);
      for (const { name, value } of source.attributes) {
        if (LEFT_OUT.test(name) || PAINTED.has(name)) continue;
        const length = shown && value.endsWith("%") ? source[name]?.baseVal?.value : undefined;
        if (name === "href" || name === "xlink:href") {
          found.href = value.startsWith("#") ? `#${referred(value.slice(1), home)}` : value;
        } else found[name] = length ?? reference(value, home);
      }
      if (shown && source.matches(SIZED)) {
        for (const size of SIZES) {
          if (!(size in found) && parseFloat(style[size])) found[size] = parseFloat(style[size]);
        }
      }
      // A transform of the style sheet, or the view box of a drawing in the drawing.
      const moved = style.transform !== "none" && !source.hasAttribute("transform");
      if (shown && (moved || source.matches("svg"))) {
        found.transform = written(
          source.parentElement.getScreenCTM().inverse().multiply(source.getScreenCTM()),
        );
        if (source.matches("svg")) {
          ["x", "y", "width", "height", "viewBox"].forEach((name) => delete found[name]);
        }
      }
      return found;
    }

    function stylesOf(style, passed, above, home) {
      const found = {};
      for (const name of [...PASSED_ON, "fill", "stroke"]) {
        const value = passed[name];
        const opacity = passed[`${name}-opacity`];
        if (value === above[name] && opacity === above[`${name}-opacity`]) continue;
        if (name === "font-family") found[name] = family(value);
        else if (opacity === undefined) found[name] = reference(unitless(value), home);
        else if (/^(none|context)/.test(value)) found[name] = value;
        else {
          const own = solid(value)
            ? inked(name, value, Number(opacity))
            : { [name]: reference(first(value), home) };
          if (!solid(value) && opacity !== "1") own[`${name}-opacity`] = opacity;
          const reset = strength(above, name) < 1 ? { [`${name}-opacity`]: 1 } : {};
          Object.assign(found, reset, defined(own));
        }
      }
      for (const [name, initial] of Object.entries(OWN)) {
        if (style[name] !== initial) found[name] = reference(style[name], home);
      }
      if (style.opacity !== "1") found.opacity = style.opacity;
      if (style.stopColor !== "rgb(0, 0, 0)" || style.stopOpacity !== "1") {
        const [value, alpha] = colour(style.stopColor);
        Object.assign(found, { "stop-color": value, "stop-opacity": alpha * style.stopOpacity });
      }
      if (style.whiteSpace.startsWith("pre")) found["xml:space"] = "preserve";
      if (style.paintOrder !== "normal") found.style = `paint-order:${style.paintOrder}`;
      return found;
    }

    return { element, definitions, bounds: () => bounds };
  }

  const passedOn = (style) => {
    const names = [...PASSED_ON, "fill", "fill-opacity", "stroke", "stroke-opacity"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]));
  };
  const defined = (found) =>
    Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  const solid = (paint) => !/^(none|context|url)/.test(paint);
  const first = (paint) => paint.replace(/\)\s.*$/, ")");
  const strength = (passed, name) =>
    Number(passed[`${name}-opacity`]) * (solid(passed[name]) ? colour(passed[name])[1] : 1);
  const unitless = (value) => value.replace(/(-?[\d.]+)px/g, "$1");
  const numerals = (style) =>
    style.fontVariantNumeric.includes("tabular-nums") || style.fontFeatureSettings.includes("tnum")
      ? "font-variant-numeric:tabular-nums"
      : "";
  const written = ({ a, b, c, d, e, f }) =>
    `matrix(${[a, b, c, d, e, f].map((n) => Math.round(n * 1e4) / 1e4).join(" ")})`;

  // Places that only take clicks are drawn with nothing.
  const bare = (style) => {
    const empty = (paint, opacity) =>
      paint === "none" || opacity === "0" || (solid(paint) && !visible(paint));
    return empty(style.fill, style.fillOpacity) &&
      (empty(style.stroke, style.strokeOpacity) || style.strokeWidth === "0px");
  };

  function content(style, { x, y, width, height }) {
    const edge = (side) =>
      parseFloat(style[`border${side}Width`]) + parseFloat(style[`padding${side}`]);
    const [top, right, bottom, left] = ["Top", "Right", "Bottom", "Left"].map(edge);
    return { x: x + left, y: y + top, width: width - left - right, height: height - top - bottom };
  }

  // What an <img> shows, without asking for it again.
  function pixels(image) {
    if (!image.naturalWidth) return "";
    if (image.currentSrc.startsWith("data:")) return image.currentSrc;
    const copy = Object.assign(document.createElement("canvas"), {
      width: image.naturalWidth,
      height: image.naturalHeight,
    });
    copy.getContext("2d").drawImage(image, 0, 0);
    return copy.toDataURL();
  }

  // Children as CSS stacks them: what is positioned lies above what is not.
  function inOrder(source) {
    const level = (child) => {
      if (child.nodeType !== Node.ELEMENT_NODE) return 0;
      const { position, zIndex } = getComputedStyle(child);
      const index = parseInt(zIndex, 10) || 0;
      return index < 0 ? index : position === "static" ? index : index + 0.5;
    };
    const kept = [...source.childNodes].filter(({ nodeType }) =>
      nodeType === Node.TEXT_NODE || nodeType === Node.ELEMENT_NODE
    );
    return kept.map((child) => [level(child), child]).sort(([a], [b]) => a - b).map(([, child]) =>
      child
    );
  }

  function linesOf(source) {
    const from = source.data.search(/\S/);
    if (from < 0) return [];
    const to = source.data.trimEnd().length;
    const range = document.createRange();
    const rects = (start, end) => {
      range.setStart(source, start);
      range.setEnd(source, end);
      return [...range.getClientRects()].filter(({ width }) => width > 0);
    };
    const whole = rects(from, to);
    const tidy = (text) => text.replace(/\s+/g, " ").trim();
    if (whole.length === 1) {
      const [{ left, right, top, bottom }] = whole;
      return [{ line: tidy(source.data.slice(from, to)), left, right, top, bottom }];
    }
    const lines = [];
    let at = from;
    for (const letter of source.data.slice(from, to)) {
      const [rect] = rects(at, at + letter.length);
      at += letter.length;
      if (!rect) continue;
      const last = lines.at(-1);
      if (last && Math.abs(last.top - rect.top) < rect.height / 2) {
        last.line += letter;
        if (letter.trim()) last.right = Math.max(last.right, rect.right);
      } else if (letter.trim()) {
        lines.push({
          line: letter,
          left: rect.left,
          right: rect.right,
          top: rect.top,
          bottom: rect.bottom,
        });
      }
    }
    return lines.map((one) => ({ ...one, line: tidy(one.line) }));
  }

  function cased(text, transform) {
    if (transform === "uppercase") return text.toLocaleUpperCase();
    if (transform === "lowercase") return text.toLocaleLowerCase();
    return transform === "capitalize"
      ? text.replace(/(^|\s)\S/g, (start) => start.toLocaleUpperCase())
      : text;
  }

  return { tracing, UNSAVED };
})();
