// Scenes: one on the screen at a time, walked by buttons, keys and swipes, fitted into the window,
// and alone on it in the presentation view.
Object.assign(
  window.four,
  (() => {
    const body = () => document.body;
    const element = (id) => document.getElementById(`scene-${id}`);
    // The head's scripts may watch a page that has no body yet.
    const onScreen = () => element(body()?.dataset.onScene);
    // All of the page in order: [{id, topic, title, needs, controls}].
    let scenes = [];
    const of = (id) => scenes.find((scene) => scene.id === id);
    const within = (topic) => scenes.filter((scene) => scene.topic === topic);
    // Where each topic was left.
    const left = {};
    const picks = {};

    function learnScenes() {
      const words = document.querySelector("[data-scenes]");
      if (words && !scenes.length) scenes = JSON.parse(words.dataset.scenes);
    }

    // The scene that a topic shows when it is opened.
    function sceneOf(topic, wanted) {
      learnScenes();
      const known = within(topic);
      const found = known.find(({ id }) => id === wanted) ||
        known.find(({ id }) => id === left[topic]) || known[0];
      return found ? found.id : "";
    }

    function show(id) {
      const scene = of(id);
      if (!scene) return;
      left[scene.topic] = id;
      const data = body().dataset;
      data.onScene = id;
      data.needs = scene.needs.join(" ");
      data.controls = scene.controls.join(" ");
      window.four.standsAt(scene.topic, id);
      document.querySelectorAll("[data-open-scene]").forEach((button) => {
        const here = button.dataset.openScene === id;
        if (here) button.setAttribute("aria-current", "step");
        else button.removeAttribute("aria-current");
        if (here) inSight(button);
      });
      drawBar(scene);
      heard.delete(id);
      coming(id);
      fitSoon();
    }
    // Gradio hears of it through a hidden box of this scene alone.
    let came = 0;
    function coming(id) {
      const box = document.querySelector(`#coming-${id} :is(textarea, input)`);
      if (!box) return;
      came += 1;
      box.value = String(came);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // Scenes that have been looked at for what they depend on since they came onto the screen: until
    // then the picture may be that of another state.
    const heard = new Set();
    const heardOf = (id) => heard.has(id) || !document.getElementById(`coming-${id}`);
    const photoIsNew = () => coming(body().dataset.onScene);
    function inSight(button) {
      const list = button.closest("ol");
      if (!list) return;
      const at = button.getBoundingClientRect().left - list.getBoundingClientRect().left +
        list.scrollLeft;
      list.scrollTo({ left: at - (list.clientWidth - button.clientWidth) / 2 });
    }

    // Opens a scene of any topic; Gradio learns of it through the bar that is clicked or told.
    function openScene(id) {
      learnScenes();
      const scene = of(id);
      if (!scene) return;
      closeSheets();
      if (scene.topic !== body().dataset.tab) {
        left[scene.topic] = id;
        document.querySelector(`#tabs [data-tab-id="${scene.topic}"]`)?.click();
        return;
      }
      window.four.moved();
      show(id);
      document
        .querySelector(`#scenes-${scene.topic} .scene-bar`)
        ?.dispatchEvent(new CustomEvent("scene-shown", { bubbles: true }));
      if (!body().classList.contains("presentation")) window.scrollTo({ top: 0 });
    }

    // A scene of a topic, for who is in that topic.
    function openWithin(topic, id) {
      if (body().dataset.tab === topic) openScene(id);
    }

    // A picture that has steps of its own takes them first.
    function walk(by) {
      learnScenes();
      const now = scenes.findIndex(({ id }) => id === body().dataset.onScene);
      const picture = onScreen()?.querySelector("[data-picture]");
      const inside = new CustomEvent("scene-step", {
        detail: { by },
        cancelable: true,
        bubbles: true,
      });
      if (presenting() && picture && !picture.dispatchEvent(inside)) return;
      if (window.four.walkPath(by)) return;
      const next = scenes[now + by];
      if (now >= 0 && next) openScene(next.id);
    }

    // A scene on the screen asks again when what it depends on has changed, and is busy until then.
    // Each part that is asked for on its own: the state that its picture is to show, the one that
    // the server was last asked for, and how many of its questions are under way. While one is,
    // Gradio keeps the next one back.
    const parts = {};
    const partOf = (
      id,
      part,
    ) => ((parts[id] ||= {})[part] ||= { wanted: "", begun: "", underWay: 0 });
    function busy(id) {
      const waits = Object.values(parts[id] || {}).some(
        ({ wanted, begun, underWay }) => underWay || wanted !== begun,
      );
      element(id)?.setAttribute("aria-busy", String(waits));
    }
    // `begin`: the values for which its picture was there from the start, or null.
    function asks(id, part, begin, seen, ...state) {
      if (body().dataset.onScene !== id) return seen;
      heard.add(id);
      window.four.lookSoon();
      const key = JSON.stringify(state);
      if (!seen && begin && key === JSON.stringify(begin)) return seen;
      if (key !== seen) {
        partOf(id, part).wanted = key;
        busy(id);
        element(id)?.classList.remove("stopped");
      }
      return key;
    }
    // The question is on its way to the server, with these values.
    function begun(id, part, values) {
      const asked = partOf(id, part);
      asked.begun = asked.wanted;
      asked.underWay += 1;
      busy(id);
      return values;
    }
    // It is answered, has failed, or was stopped; of one that was stopped Gradio tells repeatedly.
    function answered(id, part) {
      const asked = partOf(id, part);
      asked.underWay = Math.max(asked.underWay - 1, 0);
      busy(id);
      window.four.lookSoon();
    }
    // Nobody waits for the scene any more.
    function stopped(id) {
      Object.values(parts[id] || {}).forEach((part) => {
        part.begun = part.wanted;
        part.underWay = 0;
      });
      busy(id);
      // A picture that is on its way may still come in.
      element(id)?.classList.add("stopped");
    }

    // What was picked in an element of ours, for the event that its click becomes.
    const own = {};
    const pick = (name, value) => {
      picks[name] = value;
      (own[name] ||= []).push(value);
    };
    const picked = (name) => picks[name];
    const nothingPicked = (name) => {
      picks[name] ??= "";
    };
    // The same where it comes from a link: who draws it hears of it. What comes back of one's own
    // picks is old news, and must not undo a later one.
    const tell = (name, value) => {
      const back = (own[name] || []).indexOf(value);
      if (back >= 0) {
        own[name] = own[name].slice(back + 1);
        return;
      }
      own[name] = [];
      picks[name] = value;
      window.dispatchEvent(new CustomEvent("picked", { detail: { name, value } }));
    };

    // Fitting: the whole picture and its sentence lie in the window.
    const SMALLEST = 0.55;
    const LARGEST = 3;
    const presenting = () => body().classList.contains("presentation");
    const narrow = () => window.innerWidth <= 900 && !presenting();
    let waiting = false;
    function fitSoon() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        const scene = onScreen();
        fit(scene);
        offer(scene);
      });
    }
    // Saved as a drawing where it is one.
    function offer(scene) {
      const button = scene?.querySelector('[data-save-picture="svg"]');
      if (button) button.hidden = !window.four.pictureKinds(scene).includes("svg");
    }
    function fit(scene) {
      const picture = scene?.querySelector("[data-picture]");
      if (!picture) return;
      picture.style.zoom = "";
      scene.style.removeProperty("--room");
      if (narrow()) return;
      const room = roomFor(scene, picture);
      if (room < 60) return;
      scene.style.setProperty("--room", `${room}px`);
      if (picture.dataset.picture !== "html") {
        window.dispatchEvent(new CustomEvent("scene-fitted"));
        picture.querySelectorAll(".js-plotly-plot").forEach((plot) => {
          if (plot.clientHeight !== plot._fullLayout?.height) window.Plotly?.Plots.resize(plot);
        });
        return;
      }
      let least = SMALLEST;
      let most = presenting() ? LARGEST : 1;
      if (fits(picture, most, room)) return;
      for (let i = 0; i < 7; i += 1) {
        const middle = (least + most) / 2;
        if (fits(picture, middle, room)) least = middle;
        else most = middle;
      }
      fits(picture, least, room);
    }
    function fits(picture, zoom, room) {
      picture.style.zoom = zoom;
      picture.style.setProperty("--room", `${room / zoom}px`);
      const box = picture.getBoundingClientRect();
      const wide = picture.scrollWidth <= picture.clientWidth + 1;
      return box.height <= room + 0.5 && wide;
    }
    // Heights below the picture that must be in the window with it; what is folded need not be.
    function roomFor(scene, picture) {
      const top = picture.getBoundingClientRect().top +
        (presenting() ? scene.scrollTop : window.scrollY);
      const sentence = scene.querySelector(".scene-sentence");
      const height = (
        one,
      ) => (one && one.offsetParent !== null ? one.getBoundingClientRect().height + 8 : 0);
      const beside = presenting() && !body().classList.contains("changing-scene")
        ? []
        : [...scene.querySelectorAll(".scene-controls")].slice(0, 1);
      const below = [sentence, ...beside].reduce((sum, one) => sum + height(one), 0);
      return window.innerHeight - top - Math.min(below, window.innerHeight * 0.3) - 10;
    }

    // Presentation view.
    function drawBar(scene) {
      const bar = document.querySelector(".stage-bar");
      if (!bar) return;
      const mine = within(scene.topic);
      const tab = document.querySelector(`#tabs [data-tab-id="${scene.topic}"]`);
      bar.querySelector("[data-stage-topic]").textContent = tab?.textContent.trim() || "";
      bar.querySelector("[data-stage-scene]").textContent = scene.title;
      const place = bar.querySelector("[data-stage-place]");
      place.textContent = place.dataset.words
        .replace("{n}", mine.findIndex(({ id }) => id === scene.id) + 1)
        .replace("{all}", mine.length);
      const photo = bar.querySelector("[data-stage-photo]");
      photo.hidden = !scene.needs.includes("photo");
    }
    function drawPhoto() {
      const source = document.querySelector("#photo-chosen img")?.src;
      const place = document.querySelector("[data-stage-photo] img");
      if (place && source && place.src !== source) place.src = source;
    }
    const SHEETS = ["choosing-photo", "changing-scene"];
    function closeSheets() {
      const open = SHEETS.some((name) => body().classList.contains(name));
      body().classList.remove(...SHEETS);
      document.querySelectorAll("[data-sheet]").forEach((one) =>
        one.setAttribute("aria-expanded", "false")
      );
      if (open) fitSoon();
      return open;
    }
    function openSheet(button) {
      const name = button.dataset.sheet;
      const open = body().classList.contains(name);
      closeSheets();
      if (open) return;
      body().classList.add(name);
      button.setAttribute("aria-expanded", "true");
      fitSoon();
    }
    async function fullScreen() {
      try {
        if (document.fullscreenElement) await document.exitFullscreen();
        else await document.documentElement.requestFullscreen();
      } catch {
        // A browser or the frame around may forbid it; the view fills the window all the same.
      }
    }

    document.addEventListener("click", (event) => {
      const open = event.target.closest("[data-open-scene]");
      if (open) openScene(open.dataset.openScene);
      const step = event.target.closest("[data-scene-step]");
      if (step) walk(Number(step.dataset.sceneStep));
      const sheet = event.target.closest("[data-sheet]");
      if (sheet) openSheet(sheet);
      if (event.target.closest("[data-full-screen]")) fullScreen();
      const save = event.target.closest("[data-save-picture]");
      if (save) window.four.savePicture(save.closest("[data-scene]"), save.dataset.savePicture);
      const other = event.target.closest("[data-use-network]")?.dataset.useNetwork;
      if (other) {
        const mine = body().dataset.controls.split(" ").map((name) =>
          `.control-${name} input[value="${other}"]`
        );
        document.querySelector(mine.join(","))?.click();
      }
      if (event.target.closest("[data-leave-stage]")) window.four.presentation(false);
    });

    const TAKES_KEYS =
      "input, textarea, select, [contenteditable], [role=tab], [role=radio], [role=slider], [role=listbox], [role=option]";
    const KEYS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Escape" && presenting()) {
        if (closeSheets()) return;
        if (!body().dataset.open) window.four.presentation(false);
        return;
      }
      if (event.target.closest?.(TAKES_KEYS)) return;
      const page = event.key.startsWith("Page");
      if (event.key in KEYS && (!page || presenting())) {
        event.preventDefault();
        walk(KEYS[event.key]);
      } else if (event.key.toLowerCase() === "f" && presenting()) fullScreen();
    });

    // A swipe that began where nothing scrolls sideways.
    let began = null;
    const scrolls = (node) => {
      for (let at = node; at && at !== document.body; at = at.parentElement) {
        if (
          at.scrollWidth > at.clientWidth + 4 && /auto|scroll/.test(getComputedStyle(at).overflowX)
        ) return true;
        if (at.matches("input[type=range], .js-plotly-plot, [data-own-swipe]")) return true;
      }
      return false;
    };
    document.addEventListener(
      "touchstart",
      (event) => {
        const [touch] = event.touches;
        const scene = event.target.closest?.(".scene");
        began = scene && event.touches.length === 1 && !scrolls(event.target)
          ? { x: touch.clientX, y: touch.clientY }
          : null;
      },
      { passive: true },
    );
    document.addEventListener(
      "touchend",
      (event) => {
        if (!began) return;
        const [touch] = event.changedTouches;
        const [right, down] = [touch.clientX - began.x, touch.clientY - began.y];
        began = null;
        if (Math.abs(right) > 60 && Math.abs(right) > 2 * Math.abs(down)) walk(right < 0 ? 1 : -1);
      },
      { passive: true },
    );

    // Gradio's components bear classes; what looks for a scene or its picture finds attributes.
    function mark() {
      document.querySelectorAll(".scene:not([data-scene])").forEach((scene) => {
        scene.dataset.scene = scene.id.replace(/^scene-/, "");
        scene.dataset.topic = of(scene.dataset.scene)?.topic || "";
        scene.setAttribute("role", "group");
        scene.setAttribute("aria-labelledby", `scene-title-${scene.dataset.scene}`);
      });
      document.querySelectorAll(".scene .picture-drawing:not([data-picture])").forEach((one) => {
        one.dataset.picture = "drawing";
      });
      document.querySelectorAll(".scene .picture-html:not([data-picture])").forEach((one) => {
        one.dataset.picture = "html";
      });
      document.querySelectorAll(".scene .picture-chart:not([data-picture])").forEach((one) => {
        one.dataset.picture = "chart";
      });
    }
    new MutationObserver((changes) => {
      learnScenes();
      mark();
      drawPhoto();
      const here = onScreen();
      if (here && changes.some(({ target }) => here.contains(target))) fitSoon();
    }).observe(document.documentElement, { childList: true, subtree: true });
    // A drawing that grows may come without new elements: Gradio changes those that are there, and
    // takes the zoom from them. The sentence is new each time.
    new MutationObserver((changes) => {
      const sentence = onScreen()?.querySelector(".scene-sentence");
      if (sentence && changes.some(({ target }) => sentence.contains(target))) fitSoon();
    }).observe(document.documentElement, { characterData: true, subtree: true });
    window.addEventListener("resize", fitSoon);

    return {
      sceneOf,
      show,
      openScene,
      openWithin,
      walk,
      asks,
      begun,
      answered,
      stopped,
      photoIsNew,
      heardOf,
      pick,
      picked,
      nothingPicked,
      tell,
      fitSoon,
      closeSheets,
    };
  })(),
);
