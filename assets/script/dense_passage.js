// The steps of both lanes come in together, one after another.
const cells = () => [...element.querySelectorAll("[data-at]")];
const last = () => Math.max(0, ...cells().map((cell) => Number(cell.dataset.at)));
let timer = 0, at = -1;
const show = (to) => {
  at = to;
  cells().forEach((cell) => {
    cell.classList.toggle("off", Number(cell.dataset.at) > at);
    cell.classList.toggle("now", Number(cell.dataset.at) === at);
  });
};
const stop = () => {
  window.clearTimeout(timer);
  timer = 0;
};
const next = () => {
  if (!element.isConnected || at >= last()) {
    stop();
    return;
  }
  show(at + 1);
  timer = window.setTimeout(next, 1300);
};
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  stop();
  if (button.dataset.do === "play") {
    show(-1);
    timer = window.setTimeout(next, 300);
  }
  if (button.dataset.do === "forward") show(at >= last() ? 0 : at + 1);
});
element.addEventListener("scene-step", (event) => {
  const to = at + event.detail.by;
  if (to < 0 || to > last()) return;
  event.preventDefault();
  stop();
  show(to);
});
watch("value", () => {
  stop();
  at = last();
});
at = last();
