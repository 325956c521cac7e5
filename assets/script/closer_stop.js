// Stops a scene's long work: the event is cancelled, and what is there stays.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stop]");
  if (!button) return;
  const scene = document.getElementById(`scene-${button.dataset.stop}`);
  trigger("click");
  scene?.setAttribute("aria-busy", "false");
  // On the scene: a picture that is on its way may still come in.
  scene?.classList.add("stopped");
});
