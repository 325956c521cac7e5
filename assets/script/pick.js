// A button with `data-pick` chooses its value; in a list of several, the values of all pressed.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  const list = event.target.closest("[data-picks]");
  if (!button || !list) return;
  const all = [...list.querySelectorAll("[data-pick]")];
  const pressed = (one) => one.getAttribute("aria-pressed") === "true";
  if (list.hasAttribute("data-several")) {
    button.setAttribute("aria-pressed", String(!pressed(button)));
    four.pick(list.dataset.picks, all.filter(pressed).map((one) => one.dataset.pick).join(","));
  } else {
    all.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    four.pick(list.dataset.picks, button.dataset.pick);
  }
  trigger("click");
});
