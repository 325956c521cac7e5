// A task that was taken on in the exercises is passed when all its conditions hold at once in the
// scene that it names; a bar at the foot of the page says what is to be done, and that it is done.
const OPS = {
  "==": (a, b) => a === b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
};
const holds = ({ selector, attribute, op, value }) => {
  const one = document.querySelector(selector);
  const given = attribute === "value" ? one?.value : one?.getAttribute(attribute);
  if (given === null || given === undefined || given === "") return false;
  return OPS[op](typeof value === "number" ? Number(given) : given, value);
};
const bar = document.createElement("div");
bar.className = "task-bar";
bar.setAttribute("role", "status");
bar.hidden = true;
document.body.append(bar);
const part = (tag, words) => {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
};
let drawn = "", asked = false;
const look = () => {
  asked = false;
  const { task } = lesson.read();
  const here = task && document.body.dataset.onScene === task.scene;
  bar.hidden = !here;
  if (!here) return;
  if (!task.passed && task.conditions.every(holds)) {
    lesson.change((kept) => {
      kept.task.passed = true;
      kept.solved[task.id] = true;
    });
    task.passed = true;
  }
  const key = `${task.id}:${task.seed}:${Boolean(task.passed)}`;
  if (drawn === key) return;
  drawn = key;
  const { title, prompt, done, back } = task.words;
  const link = part("a", back);
  link.href = task.back;
  bar.dataset.passed = String(Boolean(task.passed));
  bar.replaceChildren(part("b", task.passed ? done : title), part("span", prompt), link);
};
const soon = () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(look);
};
new MutationObserver((changes) => {
  if (changes.some(({ target }) => !bar.contains(target))) soon();
}).observe(document.body, { subtree: true, childList: true, attributes: true });
// What an input holds is no attribute: it is read when somebody has changed it.
for (const kind of ["input", "change", "keyup", "pointerup"]) {
  document.addEventListener(kind, soon, true);
}
soon();
