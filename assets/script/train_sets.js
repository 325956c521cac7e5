// A set of the reader's own: a photo goes, a class goes or is called otherwise, or is added to.
const tell = (edit, of, to = "") => trigger("click", { edit, of, to });
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit]");
  if (!button) return;
  tell(button.dataset.edit, button.dataset.of);
  if (button.dataset.edit === "into") document.querySelector("#train-class input")?.focus();
});
element.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches("input[data-of]")) return;
  // A name that says nothing is no name.
  if (box.value.trim()) tell("name", box.dataset.of, box.value);
  else box.value = box.dataset.of;
});
