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
    window.setTimeout(() => window.dispatchEvent(new Event("resize")), 60);
    return id;
  }

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-presentation]");
    if (toggle) presentation(!document.body.classList.contains("presentation"));
    const link = event.target.closest("a[data-language]");
    if (link) link.search = window.location.search;
  });

  // Gradio says this one sentence itself, in English.
  const translate = () => {
    const words = document.querySelector("[data-queue-full]");
    if (!words) return;
    document.querySelectorAll(".toast-body").forEach((toast) => {
      if (!/queue is full/i.test(toast.textContent) || toast.dataset.translated) return;
      toast.dataset.translated = "1";
      const text = toast.querySelector(".toast-text") || toast;
      text.textContent = words.dataset.queueFull;
    });
  };

  function start() {
    const words = document.querySelector("[data-page-language]");
    if (!words) { window.setTimeout(start, 50); return; }
    document.documentElement.lang = words.dataset.pageLanguage;
    document.title = words.dataset.pageTitle;
    if (new URLSearchParams(initial).get("view") === "presentation") document.body.classList.add("presentation");
    new MutationObserver(translate).observe(document.body, { childList: true, subtree: true });
  }
  start();

  return { initial, keep, restoreDone, look, presentation, openTab };
})();
