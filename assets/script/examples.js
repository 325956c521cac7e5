// A click on an example presses it at once, and tells the server which.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-example]");
  if (!button) return;
  element.querySelectorAll("[data-example]").forEach((other) =>
    other.setAttribute("aria-pressed", String(other === button))
  );
  four.photoChosen();
  trigger("click", { example: button.dataset.example });
});
