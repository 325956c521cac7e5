// What the page does without asking the server: the link in the address bar, the look of heat maps,
// the presentation view, the language switch, toasts in the reader's language.
window.four = (() => {
  // The language of this address, and the address of another: English at the root, others below it.
  const LANGUAGES = ["en", "ja"];
  const path = window.location.pathname.replace(/\/+$/, "").split("/");
  const language = LANGUAGES.slice(1).includes(path.at(-1)) ? path.at(-1) : LANGUAGES[0];
  const root = (language === LANGUAGES[0] ? path : path.slice(0, -1)).join("/") + "/";
  function addressOf(other, query) {
    const address = new URL(root + (other === LANGUAGES[0] ? "" : other), window.location.href);
    address.search = query.toString();
    address.hash = window.location.hash;
    return address.href;
  }

  // A Space shows the app in a frame of the hub's page, whose address is the one that people see.
  const HUB = "https://huggingface.co";
  const framed = window.parent !== window;
  const store = (() => {
    // A browser may forbid it, in a frame above all.
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  })();
  // Only the first page in the frame is told where the frame stands.
  const OUTSIDE = "four-families-outside";
  if (framed && document.referrer.startsWith(HUB + "/")) store?.setItem(OUTSIDE, document.referrer);
  const outside = (framed && store?.getItem(OUTSIDE)) || document.referrer;
  const underHub = framed &&
    (window.location.ancestorOrigins?.[0] === HUB || outside.startsWith(HUB + "/"));

  // ?lang=ja at the root is the Japanese page: a Space's frame is told the query, but no path.
  const query = new URLSearchParams(window.location.search);
  const wanted = query.get("lang");
  query.delete("lang");
  if (LANGUAGES.includes(wanted) && wanted !== language) {
    window.location.replace(addressOf(wanted, query));
  } else if (wanted !== null) window.history.replaceState(null, "", addressOf(language, query));

  // Kept before any component can write to the address bar.
  const initial = "?" + query;
  const here = () => new URLSearchParams(window.location.search);
  const write = (query) => {
    query.delete("lang");
    const text = query.toString();
    window.history.replaceState(
      null,
      "",
      window.location.pathname + (text ? "?" + text : "") + window.location.hash,
    );
    // A chapter may wait for what the address says.
    window.four.lookSoon?.();
    // As the hub's documentation of embedded Spaces says; it then shows them in its own address.
    if (underHub) {
      window.parent.postMessage({ queryString: told(query), hash: window.location.hash }, HUB);
    }
  };
  // What the address says beside the values of controls.
  function note(name, value) {
    const query = here();
    if (value) query.set(name, value);
    else query.delete(name);
    write(query);
  }
  const told = (query) => {
    const named = new URLSearchParams(query);
    if (language !== LANGUAGES[0]) named.set("lang", language);
    return named.toString();
  };

  const plain = (
    value,
  ) => (Array.isArray(value)
    ? value.join(",")
    : value === null || value === undefined
    ? ""
    : String(value));
  let restored = false;

  function keep([names, defaults, none], values) {
    if (!restored) return;
    const query = here();
    names.forEach((name, i) => {
      const value = plain(values[i]), usual = plain(defaults[i]);
      if (value === usual) query.delete(name);
      else if (value !== "") query.set(name, value);
      else if (Array.isArray(values[i])) query.set(name, none);
      else query.delete(name);
    });
    write(query);
  }

  // An upload is kept for this tab, so that a reload and the other language find it again.
  const PHOTO = "four-families-photo";
  let current = ["", ""], atDrop = null;
  function photo(token, tokens, example) {
    current = [token, tokens];
    document.body.dataset.photo = !token ? "none" : example ? "example" : "upload";
    document.querySelectorAll("#examples [data-example]").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.dataset.example === example))
    );
    if (token && !example) store?.setItem(PHOTO, JSON.stringify([token, tokens]));
    else store?.removeItem(PHOTO);
  }
  // Gradio empties its box for what is dropped onto it: the photo that was there comes back if that
  // can't be read.
  document.addEventListener("drop", (event) => {
    atDrop = event.target.closest?.("#photo-input") ? current : null;
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#photo-input")) atDrop = null;
  }, true);
  function before(picture, token, tokens) {
    const kept = token ? [token, tokens] : atDrop || ["", ""];
    atDrop = null;
    return [picture, ...kept];
  }
  function handed() {
    const kept = new URLSearchParams(initial).has("example") ? null : store?.getItem(PHOTO);
    return [initial, ...(kept ? JSON.parse(kept) : ["", ""])];
  }

  // A link to this view that works from anywhere.
  function address() {
    const space = underHub && spaceOf();
    if (!space) return window.location.href;
    return `${space}?${told(here())}${window.location.hash}`.replace(/\?(?=#|$)/, "");
  }
  function spaceOf() {
    // The hub may give its page's path away or not; the server knows its own Space.
    const page = /^\/spaces\/[\w.-]+\/[\w.-]+/.exec(outside.slice(HUB.length));
    const name = document.querySelector("[data-space]")?.dataset.space;
    return page ? HUB + page[0] : name ? `${HUB}/spaces/${name}` : "";
  }
  let opener = null;
  async function copyLink(button) {
    const box = document.getElementById("link-copied");
    const words = box.dataset, link = address();
    const field = box.querySelector("input");
    let copied = true;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      copied = false;
    }
    const stays = document.body.dataset.photo === "upload" ? ` ${words.photoStays}` : "";
    box.querySelector("p").textContent = (copied ? words.copied : words.byHand) + stays;
    field.value = link;
    box.hidden = false;
    // Below its button, as far as it stays in the window.
    const place = button.getBoundingClientRect();
    const room = document.documentElement.clientWidth - box.offsetWidth - 12;
    box.style.top = `${place.bottom + 6}px`;
    box.style.left = `${Math.max(Math.min(place.right - box.offsetWidth, room), 12)}px`;
    opener = button;
    if (!copied) {
      field.focus();
      field.select();
    }
  }

  function look(opacity, map) {
    const root = document.documentElement.style;
    root.setProperty("--heat-opacity", opacity);
    root.setProperty("--heat-filter", `url(#heat-${map})`);
    root.setProperty("--heat-bar", `var(--bar-${map})`);
  }

  function presentation(on) {
    document.body.classList.toggle("presentation", on);
    note("view", on ? "presentation" : "");
    window.four.closeSheets();
    window.dispatchEvent(new Event("resize"));
  }

  function openTab(id, wanted) {
    document.body.dataset.tab = id;
    window.four.showTab(id);
    const scene = window.four.sceneOf(id, wanted);
    window.four.show(scene);
    return [id, scene];
  }
  // Written here too: while the connection is lost Gradio tells of nothing, and then reloads the page.
  function standsAt(tab, scene) {
    if (!restored) return;
    const query = here();
    query.set("tab", tab);
    query.set("scene", scene);
    write(query);
  }
  // Who has walked on before the link was restored stays there.
  let walked = false;
  function moved() {
    walked = walked || !restored;
  }
  function cameBack(usual, tab, scene, values) {
    restored = true;
    const open = document.body.dataset;
    const came = openTab(tab, walked && open.tab === tab ? open.onScene : scene);
    keep(usual, values);
    standsAt(...came);
    window.four.beginPath(initial);
    return came;
  }

  // What was drawn while its tab or scene was closed had no room: it is told when that has some.
  const shown = new WeakMap();
  const opened = new ResizeObserver((entries) => {
    const fresh = entries.filter(({ target, contentRect }) => {
      const before = shown.get(target);
      shown.set(target, contentRect.width > 0);
      return contentRect.width > 0 && !before;
    });
    if (fresh.length) window.dispatchEvent(new Event("resize"));
  });

  // Tells a class picker which networks are chosen; one that is still to come finds them here.
  const chosen = {};
  function networks(picker, keys) {
    chosen[picker] = keys;
    document.dispatchEvent(new CustomEvent("networks", { detail: { picker, networks: keys } }));
  }

  // Tells a class picker which class a link asks for; one that is still to come finds it here.
  const classes = {};
  function askClass(picker, label) {
    classes[picker] = label;
    document.dispatchEvent(new CustomEvent("class-asked", { detail: { picker, label } }));
  }

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-presentation]");
    if (toggle) presentation(!document.body.classList.contains("presentation"));
    const link = event.target.closest("a[data-language]");
    if (link) link.href = addressOf(link.dataset.language, here());
    const copy = event.target.closest("[data-copy-link]");
    if (copy) copyLink(copy);
    else if (!event.target.closest(".link-copied")) closeCopied();
    // Gradio's page has a base address, from which a plain #tabs would load another page.
    if (event.target.closest(".skip")) {
      event.preventDefault();
      skip(document.getElementById("tabs"));
    }
    const start = event.target.closest("[data-start-example]");
    if (start) {
      document.querySelector(`#examples [data-example="${start.dataset.startExample}"]`).click();
    }
    if (event.target.closest("[data-choose-several]")) {
      document.getElementById("several-photos").click();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !closeCopied()) return;
    opener?.focus();
  });
  function skip(target) {
    target.tabIndex = -1;
    target.focus();
    target.scrollIntoView();
  }
  function closeCopied() {
    const box = document.querySelector(".link-copied:not([hidden])");
    if (box) box.hidden = true;
    return Boolean(box);
  }

  // A file that the server made: asked for by its address, under its own name.
  function take(file) {
    if (!file) return;
    const link = document.createElement("a");
    link.href = file.url;
    link.download = file.orig_name;
    document.body.append(link);
    link.click();
    link.remove();
  }

  const seen = new WeakSet();
  const watchPanels = () =>
    document.querySelectorAll("#tabs > .tabitem, .scene").forEach((panel) => {
      if (seen.has(panel)) return;
      seen.add(panel);
      opened.observe(panel);
    });

  // Gradio's input refuses by name and type what is no picture to the browser, in English: a photo
  // without a suffix, HEIC where the system does not know it. Given a picture's type, every file
  // reaches the server, which looks at what it is and refuses in the reader's language.
  const asPictures = (files) => {
    if ([...files].every((file) => file.type.startsWith("image/"))) return null;
    const all = new DataTransfer();
    for (const file of files) {
      all.items.add(
        file.type.startsWith("image/")
          ? file
          : new File([file], file.name, { type: "image/unknown" }),
      );
    }
    return all;
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (
      !(input instanceof HTMLInputElement) || input.type !== "file" ||
      !/^image\//.test(input.accept)
    ) return;
    const all = asPictures(input.files);
    if (all) input.files = all.files;
  }, true);

  document.addEventListener("drop", (event) => {
    if (!event.target.closest?.("#photo-input")) return;
    const all = asPictures(event.dataTransfer?.files ?? []);
    if (!all) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.dispatchEvent(
      new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: all }),
    );
  }, true);

  // Gradio says some labels in the browser's language and others in English, and shows values such
  // as mini_resnet as tool tips: here they speak the page's language.
  const SPOKEN = ["aria-label", "title", "data-title", "placeholder", "alt"];
  const phrases = new Map();
  const patterns = [];
  function learn(table) {
    for (const [theirs, ours] of Object.entries(table)) {
      const [before, after] = theirs.split("{label}");
      if (after === undefined) phrases.set(theirs, ours);
      else patterns.push([before, after, ours]);
    }
  }
  function inOurs(text) {
    const plain = text.trim();
    if (phrases.has(plain)) return phrases.get(plain);
    for (const [before, after, ours] of patterns) {
      if (!plain.startsWith(before) || !plain.endsWith(after)) continue;
      return ours.replace("{label}", plain.slice(before.length, plain.length - after.length));
    }
    return text;
  }
  function speakLabels(element) {
    if (element.matches("input[type=checkbox][title], input[type=radio][title]")) {
      element.removeAttribute("title");
    }
    for (const name of SPOKEN) {
      const text = element.getAttribute(name);
      if (text && inOurs(text) !== text) element.setAttribute(name, inOurs(text));
    }
  }
  function speak(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (inOurs(node.data) !== node.data) node.data = inOurs(node.data);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    speakLabels(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) speak(walker.currentNode);
      else speakLabels(walker.currentNode);
    }
  }

  // Gradio says these two sentences itself, in English: the page says more.
  const translate = () => {
    const words = document.querySelector("[data-queue-full]");
    if (!words) return;
    document.querySelectorAll(".toast-body [data-testid=toast-text]").forEach((text) => {
      const said = text.textContent;
      if (/application is currently busy/i.test(said)) text.textContent = words.dataset.queueFull;
      if (/exceed the maximum allowed size/i.test(said)) text.textContent = words.dataset.tooLarge;
    });
  };

  function start(words) {
    document.documentElement.lang = words.dataset.pageLanguage;
    document.title = words.dataset.pageTitle;
    learn(JSON.parse(words.dataset.gradio));
    speak(document.body);
    const asked = new URLSearchParams(initial);
    if (asked.get("view") === "presentation") document.body.classList.add("presentation");
  }

  // Gradio builds the page by and by: each of its changes may bring what is looked for here.
  let started = false;
  new MutationObserver((changes) => {
    const words = started ? null : document.querySelector("[data-page-language]");
    if (words) {
      started = true;
      start(words);
    } else if (started) {
      for (const { type, target, addedNodes } of changes) {
        if (type === "childList") addedNodes.forEach(speak);
        else if (type === "attributes") speakLabels(target);
        else speak(target);
      }
    }
    watchPanels();
    translate();
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: SPOKEN,
  });

  return {
    handed,
    before,
    keep,
    note,
    cameBack,
    standsAt,
    moved,
    photo,
    look,
    presentation,
    openTab,
    take,
    networks,
    chosen,
    askClass,
    classes,
  };
})();
