// What the page does without asking the server: the link in the address bar, the look of heat maps,
// the presentation view, the language switch, toasts in the reader's language.
window.four = (() => {
  // Kept before any component can write to the address bar.
  const initial = window.location.search;
  const here = () => new URLSearchParams(window.location.search);
  const write = (query) => {
    const text = query.toString();
    window.history.replaceState(null, "", window.location.pathname + (text ? "?" + text : "") + window.location.hash);
  };

  const plain = (value) => (Array.isArray(value) ? value.join(",") : value == null ? "" : String(value));
  let restored = false;
  let waiting = [];

  function keep(names, values, defaults) {
    if (!restored) { waiting.push([names, values, defaults]); return; }
    const query = here();
    names.forEach((name, i) => {
      const value = plain(values[i]);
      if (value === "" || value === plain(defaults[i])) query.delete(name);
      else query.set(name, value);
    });
    write(query);
  }

  function restoreDone() {
    restored = true;
    waiting = [];
  }

  function look(opacity, map) {
    const root = document.documentElement.style;
    root.setProperty("--heat-opacity", opacity);
    root.setProperty("--heat-filter", `url(#heat-${map})`);
    root.setProperty("--heat-bar", `var(--bar-${map})`);
  }

  function presentation(on) {
    document.body.classList.toggle("presentation", on);
    const query = here();
    if (on) query.set("view", "presentation"); else query.delete("view");
    write(query);
    window.dispatchEvent(new Event("resize"));
  }

  function openTab(id) {
    document.body.dataset.tab = id;
    window.four.showTab(id);
    return id;
  }

  // What was drawn while its tab was closed had no room: it is told when the tab has some.
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

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-presentation]");
    if (toggle) presentation(!document.body.classList.contains("presentation"));
    const link = event.target.closest("a[data-language]");
    if (link) link.search = window.location.search;
  });

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
    document.querySelectorAll("#tabs > .tabitem").forEach((panel) => {
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
      all.items.add(file.type.startsWith("image/") ? file : new File([file], file.name, { type: "image/unknown" }));
    }
    return all;
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !/^image\//.test(input.accept)) return;
    const all = asPictures(input.files);
    if (all) input.files = all.files;
  }, true);

  document.addEventListener("drop", (event) => {
    if (!event.target.closest?.("#photo-input")) return;
    const all = asPictures(event.dataTransfer?.files ?? []);
    if (!all) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: all }));
  }, true);

  // Gradio says these two sentences itself, in English.
  const translate = () => {
    const words = document.querySelector("[data-queue-full]");
    if (!words) return;
    document.querySelectorAll(".toast-body").forEach((toast) => {
      if (toast.dataset.translated) return;
      const full = /queue is full/i.test(toast.textContent);
      const large = /exceed the maximum allowed size/i.test(toast.textContent);
      if (!full && !large) return;
      toast.dataset.translated = "1";
      const text = toast.querySelector(".toast-text") || toast;
      text.textContent = full ? words.dataset.queueFull : words.dataset.tooLarge;
    });
  };

  function start(words) {
    document.documentElement.lang = words.dataset.pageLanguage;
    document.title = words.dataset.pageTitle;
    if (new URLSearchParams(initial).get("view") === "presentation") document.body.classList.add("presentation");
  }

  // Gradio builds the page by and by: each of its changes may bring what is looked for here.
  let started = false;
  new MutationObserver(() => {
    const words = started ? null : document.querySelector("[data-page-language]");
    if (words) { started = true; start(words); }
    watchPanels();
    translate();
  }).observe(document.documentElement, { childList: true, subtree: true });

  return { initial, keep, restoreDone, look, presentation, openTab, take, networks, chosen };
})();
