// The printed code to the clipboard; the button says that it is there.
element.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-code]");
  if (!button) return;
  const code = element.querySelector("pre");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = button.dataset.done;
  } catch {
    // Where the browser forbids it, the text is marked for the reader's own keys.
    window.getSelection().selectAllChildren(code);
  }
});
