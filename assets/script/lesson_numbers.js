// The numbers of a block: Enter runs it; of a design each change is told at once.
let shown = "";
const form = () => element.querySelector(".code-numbers");
const learn = () => {
  const now = form();
  if (!now) return;
  const key = `${now.dataset.block}:${now.dataset.given}`;
  if (key === shown) return;
  shown = key;
  // Gradio changes the elements that are there: what was typed before must go.
  now.querySelectorAll("input").forEach((one) => one.value = one.getAttribute("value"));
};
const tell = () => {
  const { block, live } = form().dataset;
  const values = [...element.querySelectorAll("input")]
    .sort((a, b) => a.dataset.number - b.dataset.number)
    .map((one) => one.value.normalize("NFKC").trim());
  four.pick(live, `${block}:${values.join(",")}`);
  trigger("click");
};
element.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  if (form().dataset.live) tell();
  else element.closest(".scene").querySelector("[data-run]").click();
});
element.addEventListener("change", () => {
  if (form().dataset.live) tell();
});
new MutationObserver(learn).observe(element, { childList: true, subtree: true, attributes: true });
learn();
