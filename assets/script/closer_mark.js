// A mark that is painted first, and then revealed: "shown" behind it says that the maps are to be
// seen. Stands before closer_paint.js.
const PAINTED = "closer-mark", SHOWN = "shown";

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (!button) return;
  const view = board(), told = (four.picked(PAINTED) || "").replace(`.${SHOWN}`, "");
  if (button.dataset.mark === "reveal") {
    if (view && !cells.includes(1)) {
      element.querySelector(".scene-sentence").textContent = view.dataset.empty;
      return;
    }
    back = "[data-mark=again]";
    send(`${written(view)}.${SHOWN}`);
  } else if (button.dataset.mark === "again") {
    back = ".mark-board";
    send(told);
  } else {
    if (view) {
      cells.fill(0);
      draw(view);
    } else back = ".mark-board";
    send("");
  }
});
