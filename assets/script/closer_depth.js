// All layers of each network at once, or one of each: by the slider, or by steps of the
// presentation view. Networks of different depth go on together, each by its share of the way.
const NAME = "closer-depth";
four.nothingPicked(NAME);
const strips = () => [...element.querySelectorAll(".layers")];
const scrub = () => element.querySelector(".depth-scrub");
// While a picture is drawn anew it is empty for a moment: a step that comes then is not lost.
let known = 0;
const last = () => {
  const here = Math.max(0, ...strips().map((strip) => strip.children.length));
  const comes = element.closest(".scene").getAttribute("aria-busy") === "true";
  if (here || !comes) known = here;
  return known;
};
const wanted = () => {
  const told = four.picked(NAME);
  return /^\d{1,3}$/.test(told) ? Math.min(Number(told), last()) : 0;
};

const draw = () => {
  const at = wanted(), most = last(), slider = scrub();
  for (const strip of strips()) {
    const tiles = [...strip.children];
    const now = at ? Math.round((at - 1) / Math.max(most - 1, 1) * (tiles.length - 1)) : -1;
    strip.classList.toggle("stepped", at > 0);
    tiles.forEach((tile, place) => tile.classList.toggle("now", place === now));
  }
  if (!slider) return;
  slider.hidden = !most;
  const range = slider.querySelector("input");
  range.max = String(most);
  if (range.value !== String(at)) range.value = String(at);
  const words = at ? fill(slider.dataset.step, { at, count: most }) : slider.dataset.all;
  range.setAttribute("aria-valuetext", words);
  const said = slider.querySelector("output");
  if (said.textContent !== words) said.textContent = words;
};
const go = (to) => {
  const text = to ? String(to) : "";
  if (text !== four.picked(NAME)) {
    four.pick(NAME, text);
    trigger("click");
  }
  draw();
  four.fitSoon();
};

element.addEventListener("input", (event) => {
  if (event.target.closest(".depth-scrub")) go(Number(event.target.value));
});
element.addEventListener("scene-step", (event) => {
  const to = wanted() + event.detail.by;
  if (to < 0 || to > last()) return;
  event.preventDefault();
  go(to);
});
window.addEventListener("picked", ({ detail }) => {
  if (detail.name === NAME) draw();
});
// Each answer brings the picture anew.
new MutationObserver(draw).observe(element, { childList: true, subtree: true });
draw();
