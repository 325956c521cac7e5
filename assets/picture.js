// The picture of a scene to take away: as SVG where it is a drawing, as PNG always, with its title
// above and its sentence below, in the light theme. Nothing is asked of the server.
Object.assign(
  window.four,
  (() => {
    const { tracing, UNSAVED } = window.four.trace;
    const { node, inked, rectangle } = window.four.paint;

    const PIXELS = 1600;
    const MOST_SIDE = 16384;
    const LEAST_WIDTH = 360;
    const within = (least, value, most) => Math.min(most, Math.max(least, value));

    const pictureOf = (scene) => scene.querySelector("[data-picture]");
    const drawn = (element) => element.getClientRects().length > 0;

    // ["png", "svg"] for drawings, ["png"] where photos or maps are in it, [] without a picture.
    function pictureKinds(scene) {
      const picture = pictureOf(scene);
      if (!picture) return [];
      const photos = [...picture.querySelectorAll("img, canvas")].filter(drawn);
      return photos.length ? ["png"] : ["png", "svg"];
    }

    // What the page is changed by while it is traced, and how each change is taken back.
    function changes() {
      const undone = [];
      const styled = new Set();
      return {
        style(element, styles) {
          if (!styled.has(element)) {
            const before = element.getAttribute("style");
            styled.add(element);
            undone.push(() => {
              element.setAttribute("style", before ?? "");
              if (before === null) element.removeAttribute("style");
            });
          }
          for (const [name, value] of Object.entries(styles)) {
            element.style.setProperty(name, value, "important");
          }
        },
        add(parent, child, first = false) {
          if (first) parent.prepend(child);
          else parent.append(child);
          undone.push(() => child.remove());
        },
        later: (undo) => undone.push(undo),
        undo: () => undone.reverse().forEach((undo) => undo()),
      };
    }

    // Both themes are style sheets: without the class the page is light. No transition may begin.
    function lit(scene, change) {
      const still = document.createElement("style");
      still.textContent = "*, ::before, ::after { transition: none !important; }" +
        ["before", "after"]
          .map((side) =>
            `[data-marked~="${side}"]::${side} { content: none !important; display: none !important; }`
          )
          .join("");
      document.head.append(still);
      change.later(() => {
        // The dark theme is back before transitions are.
        scene.getBoundingClientRect();
        getComputedStyle(scene).color;
        still.remove();
      });
      for (
        const dark of [...document.querySelectorAll(".dark")].filter((one) => one.contains(scene))
      ) {
        dark.classList.remove("dark");
        change.later(() => dark.classList.add("dark"));
      }
      for (const moving of scene.getAnimations({ subtree: true })) {
        if (Number.isFinite(moving.effect.getComputedTiming().endTime)) moving.finish();
      }
    }

    const inside = (picture) => [picture, ...picture.querySelectorAll("*:not(svg *)")];

    // What scrolls or is shortened is shown whole: the picture is widened until all has room.
    function unrolled(picture, change) {
      const scrolls = inside(picture).filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        return /auto|scroll/.test(overflowX + overflowY) && drawn(element);
      });
      // Taken back last, when all has its size again.
      for (const element of scrolls) {
        const { scrollLeft: left, scrollTop: top } = element;
        change.later(() => element.scrollTo({ left, top, behavior: "instant" }));
      }
      // At its own size: fitting it to this window is the page's affair.
      change.style(picture, { zoom: "1" });
      picture.querySelectorAll("[data-unsaved]").forEach((one) =>
        change.style(one, { display: "none" })
      );
      const missing = () => Math.max(0, ...scrolls.map((one) => one.scrollWidth - one.clientWidth));
      for (let tries = 0; tries < 4 && missing() > 1; tries += 1) {
        const width = `${picture.getBoundingClientRect().width + missing()}px`;
        change.style(picture, { width, "min-width": width, "max-width": "none" });
      }
      for (const element of scrolls) {
        change.style(element, { overflow: "visible", "max-height": "none", "mask-image": "none" });
        if (element.scrollHeight > element.clientHeight + 1) {
          change.style(element, { height: "auto" });
        }
      }
      for (const element of inside(picture)) {
        const { textOverflow, webkitLineClamp } = getComputedStyle(element);
        if (textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth) {
          change.style(element, { "white-space": "normal", overflow: "visible" });
        }
        if (webkitLineClamp !== "none") {
          change.style(element, { "-webkit-line-clamp": "none", overflow: "visible" });
        }
      }
    }

    // ::before and ::after can't be measured: an element of the same style takes their place.
    function marked(picture, change) {
      for (const element of inside(picture)) {
        const marks = ["before", "after"].flatMap((side) => {
          const style = getComputedStyle(element, `::${side}`);
          if (/^(none|normal)$/.test(style.content) || style.display === "none") return [];
          const mark = document.createElement("four-mark");
          mark.textContent = (style.content.match(/"((?:[^"\\]|\\.)*)"/g) ?? []).map((one) =>
            JSON.parse(one)
          ).join("");
          for (const name of style) {
            mark.style.setProperty(name, style.getPropertyValue(name), "important");
          }
          return [[side, mark]];
        });
        if (!marks.length) continue;
        element.dataset.marked = marks.map(([side]) => side).join(" ");
        change.later(() => delete element.dataset.marked);
        for (const [side, mark] of marks) change.add(element, mark, side === "before");
      }
    }

    function said(scene, selector) {
      const words = scene.querySelector(selector)?.cloneNode(true);
      words?.querySelectorAll(`button:not(.term), ${UNSAVED}`).forEach((one) => one.remove());
      return words?.textContent.replace(/\s+/g, " ").trim() ?? "";
    }

    // Words in lines of that width, broken by the browser as its language demands.
    function lines(words, { width, size, weight, font }, base, change) {
      const line = document.createElement("div");
      line.textContent = words;
      line.style.cssText =
        `all: initial; display: block; position: fixed; left: 0; top: 0; width: ${width}px;
        font: ${weight} ${size}px/1.35 ${font}; color: var(--ink); word-break: auto-phrase; overflow-wrap: anywhere;`;
      change.add(document.body, line);
      const trace = tracing(base);
      const group = node("g");
      if (words) trace.element(line, group);
      return { group, height: words ? line.getBoundingClientRect().height : 0 };
    }

    // The whole drawing, made in one go: the reader never sees the page as it is for that moment.
    function sheet(scene) {
      const picture = pictureOf(scene);
      const change = changes();
      const { scrollX, scrollY } = window;
      try {
        lit(scene, change);
        unrolled(picture, change);
        marked(picture, change);
        const style = getComputedStyle(scene);
        const { fontFamily, fontVariantNumeric, fontFeatureSettings } = style;
        const base = { fontFamily, fontVariantNumeric, fontFeatureSettings };
        const trace = tracing(base);
        const body = node("g");
        trace.element(picture, body);
        return composed(scene, { base, body, trace, style, change });
      } finally {
        change.undo();
        window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
      }
    }
    function composed(scene, { base, body, trace, style, change }) {
      const { left, top, right, bottom } = trace.bounds();
      const content = Math.max(right - left, LEAST_WIDTH);
      const margin = Math.max(24, content / 32);
      const font = base.fontFamily;
      const title = said(scene, ".scene-title");
      const sentence = said(scene, ".scene-sentence");
      const above = lines(
        title,
        { width: content, size: within(18, content / 34, 44), weight: 650, font },
        base,
        change,
      );
      const below = lines(
        sentence,
        { width: content, size: within(14, content / 48, 30), weight: 400, font },
        base,
        change,
      );
      const width = Math.ceil(content + 2 * margin);
      const start = margin + above.height + (above.height ? margin * 0.6 : 0);
      const end = start + bottom - top + (below.height ? margin * 0.6 : 0);
      const height = Math.ceil(end + below.height + margin);
      const moved = (group, x, y) => {
        group.setAttribute(
          "transform",
          `translate(${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100})`,
        );
        return group;
      };
      const paper = style.getPropertyValue("--surface");
      const root = node(
        "svg",
        {
          ...{ width: PIXELS, height: (PIXELS * height) / width },
          ...{ viewBox: `0 0 ${width} ${height}`, "font-family": font },
          "xml:lang": document.documentElement.lang,
          style: /tnum|tabular/.test(style.fontFeatureSettings + style.fontVariantNumeric)
            ? "font-variant-numeric:tabular-nums"
            : undefined,
        },
        node("title", {}, title),
        node("desc", {}, sentence),
        trace.definitions,
        rectangle({ x: 0, y: 0, width, height }, 0, inked("fill", paper)),
        moved(above.group, margin, margin),
        moved(body, margin - left, start - top),
        moved(below.group, margin, end),
      );
      return { text: new XMLSerializer().serializeToString(root), width, height, paper };
    }

    async function asPng({ text, width, height, paper }) {
      const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
      try {
        const image = new Image();
        image.src = address;
        await image.decode();
        const wanted = Math.max(2, window.devicePixelRatio, PIXELS / width);
        const scale = Math.min(wanted, MOST_SIDE / Math.max(width, height));
        const canvas = Object.assign(document.createElement("canvas"), {
          width: Math.ceil(width * scale),
          height: Math.ceil(height * scale),
        });
        const pen = canvas.getContext("2d");
        // Where the last row of pixels is only half the drawing's.
        pen.fillStyle = paper;
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(image, 0, 0, canvas.width, canvas.height);
        return await new Promise((done, failed) =>
          canvas.toBlob(
            (blob) => (blob ? done(blob) : failed(new Error("no picture"))),
            "image/png",
          )
        );
      } finally {
        URL.revokeObjectURL(address);
      }
    }

    function handOut(blob, name) {
      const address = URL.createObjectURL(blob);
      const link = Object.assign(document.createElement("a"), { href: address, download: name });
      document.body.append(link);
      link.click();
      link.remove();
      // The download has begun by then, in every browser.
      window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
    }

    // Saves the picture of a scene as "png" or "svg"; where this browser can't, the scene says so.
    async function savePicture(scene, kind) {
      scene.querySelector(".picture-problem")?.remove();
      try {
        const images = [...pictureOf(scene).querySelectorAll("img")].filter(drawn);
        await Promise.allSettled(images.map((image) => image.decode()));
        const whole = sheet(scene);
        const blob = kind === "svg"
          ? new Blob([whole.text], { type: "image/svg+xml" })
          : await asPng(whole);
        handOut(blob, `${scene.dataset.topic}-${scene.dataset.scene}.${kind}`);
      } catch (problem) {
        console.warn(problem);
        const words = document.createElement("p");
        words.className = "notice picture-problem";
        words.setAttribute("role", "alert");
        words.textContent = document.querySelector("[data-picture-failed]").dataset.pictureFailed;
        scene.append(words);
      }
    }

    return { pictureKinds, savePicture };
  })(),
);
