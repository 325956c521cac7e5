// The exercises, wherever in the page one is: what this browser remembers of them, and a task that
// was taken on. It is passed when all its conditions hold at once in the scene that it names; a bar
// at the foot of the page says what is to be done, and that it is done.
Object.assign(
  window.four,
  (() => {
    const STORE = "four-families-lesson";
    let bar, drawn = "", asked = false;

    // A browser may keep nothing, or something else may stand there: the page works without. Read
    // once, and again when another page of this browser writes it.
    let kept = null;
    window.addEventListener("storage", ({ key }) => {
      if (key === STORE) kept = null;
    });
    function remembered() {
      if (kept) return kept;
      try {
        kept = { solved: {}, ...JSON.parse(localStorage.getItem(STORE) ?? "{}") };
      } catch {
        kept = { solved: {} };
      }
      return kept;
    }
    function remember(change) {
      change(remembered());
      try {
        localStorage.setItem(STORE, JSON.stringify(kept));
      } catch {
        // As above.
      }
    }

    function look() {
      asked = false;
      const { task } = remembered();
      const here = task && document.body?.dataset.onScene === task.scene;
      if (bar) bar.hidden = !here;
      if (!here) return;
      if (!task.passed && task.conditions.every(window.four.holds)) {
        task.passed = true;
        remember((all) => {
          all.task = task;
          all.solved[task.id] = true;
        });
      }
      draw(task);
    }
    function draw(task) {
      const key = `${task.id}:${task.seed}:${Boolean(task.passed)}`;
      if (drawn === key) return;
      drawn = key;
      if (!bar) {
        bar = document.createElement("div");
        bar.className = "task-bar";
        bar.setAttribute("role", "status");
        document.body.append(bar);
      }
      const { title, prompt, done, back } = task.words;
      const link = part("a", back);
      link.href = task.back;
      bar.dataset.passed = String(Boolean(task.passed));
      bar.replaceChildren(part("b", task.passed ? done : title), part("span", prompt), link);
    }
    function part(tag, words) {
      const made = document.createElement(tag);
      made.textContent = words;
      return made;
    }

    function soon() {
      if (asked) return;
      asked = true;
      requestAnimationFrame(look);
    }
    new MutationObserver((changes) => {
      if (changes.some(({ target }) => !bar?.contains(target))) soon();
    }).observe(document.documentElement, { subtree: true, childList: true, attributes: true });

    return { remembered, remember };
  })(),
);
