// A dot of the map of all photos shows its photo: by a click, or by the arrow keys.
const dotsOf = (node) => [...node.closest(".train-cloud").querySelectorAll("[data-place]")];
function showDot(dot) {
  const cloud = dot.closest(".train-cloud");
  const across = Number(cloud.dataset.across), place = Number(dot.dataset.place);
  dotsOf(dot).forEach((one) => one.classList.toggle("shown", one === dot));
  const seen = cloud.querySelector(".train-seen");
  seen.dataset.shown = place;
  seen.style.setProperty("--column", place % across);
  seen.style.setProperty("--row", Math.floor(place / across));
  const map = dot.ownerSVGElement.getBoundingClientRect(), at = dot.getBoundingClientRect();
  seen.classList.toggle("away", at.left + at.right < map.left + map.right);
  seen.querySelector("figcaption").textContent = dot.querySelector("title").textContent;
}
element.addEventListener("click", (event) => {
  const dot = event.target.closest(".train-cloud [data-place]");
  if (dot) showDot(dot);
});
element.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches(".train-dots")) return;
  // These keys walk scenes elsewhere.
  event.preventDefault();
  event.stopPropagation();
  const all = dotsOf(event.target);
  const now = all.findIndex((one) => one.classList.contains("shown"));
  showDot(all[now < 0 ? 0 : (now + step + all.length) % all.length]);
});
