// The card of an exercise: collects the answer, brings the verdict into focus, keeps the score.
const ANSWER = "lesson-answer";
const card = () => element.querySelector(".exercise");
const submit = (answer) => {
  const { exercise, seed } = card().dataset;
  four.pick(ANSWER, `${exercise}:${seed}:${answer}`);
  trigger("click");
};
const COLLECT = {
  number: (form) => form.querySelector("input").value.trim(),
  order: (form) => [...form.querySelectorAll("li")].map((one) => one.dataset.letter).join(""),
  match: (form) => [...form.querySelectorAll("select")].map((one) => one.value).join(""),
  free: (form) =>
    [...form.querySelectorAll(":checked")].map((one) => one.dataset.number).join(",") || "-",
};
const check = (form) => {
  const answer = COLLECT[form.dataset.form]?.(form);
  if (answer) submit(answer);
};
const move = (button) => {
  const row = button.closest("li"), by = Number(button.dataset.move);
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (other) row.parentNode.insertBefore(by < 0 ? row : other, by < 0 ? other : row);
  button.focus();
};
element.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const form = at("[data-form]");
  if (!form) return;
  const letter = form.dataset.form === "choice" && at("[data-letter]")?.dataset.letter;
  if (letter) submit(letter);
  else if (at("[data-move]")) move(at("[data-move]"));
  else if (at("[data-task]")) {
    const task = JSON.parse(at("[data-task]").dataset.task);
    four.remember((kept) => kept.task = task);
  } else if (at("[data-check]")) check(form);
});
element.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input[type=text]")) return;
  event.preventDefault();
  check(event.target.closest("[data-form]"));
});

// Gradio changes the elements that are there: what was given to another exercise must go.
const begin = (now, answer) => {
  now.querySelectorAll("input[type=text]").forEach((one) => one.value = answer);
  now.querySelectorAll("textarea").forEach((one) => one.value = "");
  now.querySelectorAll("input[type=checkbox]").forEach((one) => one.checked = one.defaultChecked);
  now.querySelectorAll("option").forEach((one) => one.selected = one.defaultSelected);
  now.querySelectorAll("details").forEach((one) => one.open = false);
};

// What the server has drawn anew: its verdict counts, and whoever answered hears it.
let shown = "";
const learn = () => {
  const now = card();
  if (!now) return;
  const { exercise, seed, answer, correct, kind } = now.dataset;
  const key = [exercise, seed, answer].join(":");
  const { solved, task } = four.remembered();
  if (key !== shown) {
    const answered = answer && shown.startsWith(`${exercise}:${seed}:`);
    if (!shown.startsWith(`${exercise}:${seed}:`)) begin(now, answer);
    shown = key;
    if (correct === "true" && !solved[exercise]) {
      four.remember((kept) => kept.solved[exercise] = true);
      solved[exercise] = true;
    }
    if (answered) now.querySelector(".exercise-verdict")?.focus({ preventScroll: true });
    const passed = task?.passed && task.id === exercise && task.seed === Number(seed);
    if (kind === "doing" && !answer && passed) submit("passed");
  }
  const count = (ids) => ids.split(" ").filter((id) => solved[id]).length;
  const score = now.querySelector(".exercise-score");
  const said = fill(score.dataset.words, {
    solved: count(now.dataset.ids),
    done: count(now.dataset.all),
  });
  if (score.textContent !== said) score.textContent = said;
};
new MutationObserver(learn).observe(element, { childList: true, subtree: true, attributes: true });
learn();
