// Gradio learns from the bar which scene is on the screen.
element.addEventListener("scene-shown", () => trigger("click"));
