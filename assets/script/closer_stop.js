// Stops a scene's long work: the event is cancelled, and what is there stays.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stop]");
  if (!button) return;
  trigger("click");
  four.stopped(button.dataset.stop);
});
