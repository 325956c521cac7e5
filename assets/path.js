// The path through the lecture: a chapter beside its live scene, done when the reader has done it.
Object.assign(
  window.four,
  (() => {
    const KEPT = "four-families-path";
    const body = () => document.body;
    let chapters = [], open = null, ready = false, armed = false, waiting = false;

    // Progress lives in the reader's browser, in this page alone where the browser forbids it.
    let passed = null;
    function done() {
      if (passed) return passed;
      try {
        passed = new Set(JSON.parse(localStorage.getItem(KEPT) || "[]"));
      } catch {
        passed = new Set();
      }
      return passed;
    }
    function pass(id) {
      done().add(id);
      try {
        localStorage.setItem(KEPT, JSON.stringify([...done()]));
      } catch {
        // It stays for as long as the page does.
      }
    }

    const guide = () => document.querySelector(".guide");
    const article = (id) => guide()?.querySelector(`[data-chapter="${id}"]`);
    const sceneOf = (chapter) => document.querySelector(`[data-scene="${chapter.scene}"]`);
    function learn() {
      if (!chapters.length && guide()) chapters = JSON.parse(guide().dataset.path);
      return chapters;
    }

    function draw() {
      guide().querySelectorAll("[data-chapter]").forEach((one) => {
        one.hidden = one.dataset.chapter !== open.id;
      });
      guide().querySelectorAll("[data-open-chapter]").forEach((one) => {
        const id = one.dataset.openChapter;
        one.toggleAttribute("data-passed", done().has(id));
        if (id === open.id) one.setAttribute("aria-current", "step");
        else one.removeAttribute("aria-current");
      });
      const over = done().has(open.id), mine = article(open.id);
      mine.classList.toggle("passed", over);
      mine.querySelector(".guide-done").hidden = !over;
      const place = chapters.indexOf(open);
      guide().querySelector('[data-chapter-step="-1"]').disabled = place === 0;
      guide().querySelector('[data-chapter-step="1"]').disabled = place === chapters.length - 1;
    }

    // Shown beside its scene; its state is set anew unless the link brought one.
    function openChapter(id, fresh = true) {
      const chapter = learn().find((one) => one.id === id);
      if (!chapter) return;
      open = chapter;
      ready = !fresh;
      armed = false;
      body().dataset.chapter = id;
      window.four.note("chapter", id);
      guide().querySelector(".guide-said").textContent = "";
      draw();
      watchScene();
      if (fresh) {
        guide().dispatchEvent(new CustomEvent("chapter-opened", { bubbles: true }));
        if (!body().classList.contains("presentation")) window.scrollTo({ top: 0 });
      }
      window.four.fitSoon();
    }
    function chapterState() {
      return "?" + new URLSearchParams({ tab: open.topic, scene: open.scene, ...open.state });
    }
    function chapterSet(tab, scene) {
      ready = true;
      lookSoon();
      return window.four.openTab(tab, scene);
    }
    function leavePath() {
      open = null;
      delete body().dataset.chapter;
      window.four.note("chapter", "");
      window.four.fitSoon();
    }
    // The arrow keys and a swipe walk the chapters while one is open.
    function walkPath(by) {
      if (!open) return false;
      const next = chapters[chapters.indexOf(open) + by];
      if (next) openChapter(next.id);
      return true;
    }
    function beginPath(search) {
      const query = new URLSearchParams(search), id = query.get("chapter");
      if (id) openChapter(id, !query.has("scene"));
    }

    // Whether an element is there, and its number as it must be.
    const OPS = {
      "==": (a, b) => a === b,
      "<=": (a, b) => a <= b,
      ">=": (a, b) => a >= b,
      "<": (a, b) => a < b,
      ">": (a, b) => a > b,
    };
    function holds({ selector, attribute, op, value }) {
      const found = document.querySelector(selector);
      if (!found || !attribute) return Boolean(found);
      const given = found.getAttribute(attribute);
      return Boolean(given) && OPS[op](Number(given), value);
    }

    // Whether the reader has done it; what holds from the start counts once it has not held.
    function met({ conditions, link }) {
      const query = new URLSearchParams(window.location.search);
      return conditions.every(holds) &&
        Object.entries(link).every(([name, value]) => query.get(name) === value);
    }
    function look() {
      if (!open || !ready || body().dataset.onScene !== open.scene) return;
      watchScene();
      const scene = sceneOf(open);
      if (!scene || !window.four.heardOf(open.scene)) return;
      if (scene.getAttribute("aria-busy") === "true") return;
      const now = met(open.done);
      if (!now) armed = true;
      else if (armed && !done().has(open.id)) {
        pass(open.id);
        draw();
        guide().querySelector(".guide-said").textContent =
          article(open.id).querySelector(".guide-done").textContent;
      }
    }
    function lookSoon() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        look();
      });
    }
    const watcher = new MutationObserver(lookSoon);
    let watched = null;
    // A topic that was never open has its scenes only once it is.
    function watchScene() {
      const scene = sceneOf(open);
      if (scene === watched) return;
      watched = scene;
      watcher.disconnect();
      if (scene) watcher.observe(scene, { childList: true, subtree: true, attributes: true });
      watcher.observe(body(), { attributeFilter: ["data-on-scene"] });
    }

    document.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-open-chapter]")?.dataset.openChapter;
      if (chosen) openChapter(chosen);
      if (event.target.closest("[data-begin-path]")) {
        const next = learn().find(({ id }) => !done().has(id)) || chapters[0];
        openChapter(next.id);
      }
      const step = event.target.closest("[data-chapter-step]");
      if (step) walkPath(Number(step.dataset.chapterStep));
      if (event.target.closest("[data-chapter-again]")) openChapter(open.id);
      if (event.target.closest("[data-leave-path]")) leavePath();
    });

    // Its scene is set, and what is to be done has not been done.
    const pathReady = () => armed;

    return {
      openChapter,
      chapterState,
      chapterSet,
      walkPath,
      beginPath,
      pathReady,
      lookSoon,
      holds,
    };
  })(),
);
