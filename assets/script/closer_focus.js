// What had the keyboard may be gone with the picture that it changed: its successor takes it over.
let back = "";
for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, () => {
    back = "";
  }, true);
}
// A drawing that grows may take it away again.
new MutationObserver(() => {
  if (back && document.activeElement === document.body) element.querySelector(back)?.focus();
}).observe(element, { childList: true, subtree: true });
