// The steps of both lanes come in together, one after another.
const steps = () =>
  Math.max(0, ...[...element.querySelectorAll("[data-at]")].map((n) => +n.dataset.at));
let timer = 0, at = -1;
const show = (to) => {
  at = to;
  element.querySelectorAll("[data-at]").forEach((node) => {
    node.classList.toggle("off", +node.dataset.at > at);
    node.classList.toggle("now", +node.dataset.at === at);
  });
};
const stop = () => {
  window.clearTimeout(timer);
  timer = 0;
};
const next = () => {
  if (!element.isConnected || at >= steps()) {
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
  if (button.dataset.do === "forward") show(at >= steps() ? 0 : at + 1);
});
watch("value", () => {
  stop();
  at = steps();
});
at = steps();
