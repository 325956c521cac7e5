// A word that is explained: one note for all of the page, under the word that was pressed.
(() => {
  let note, opener;

  function made() {
    note = document.createElement("div");
    note.className = "term-note";
    note.id = "term-note";
    note.setAttribute("role", "note");
    note.tabIndex = -1;
    note.hidden = true;
    document.body.append(note);
    return note;
  }

  function place() {
    const word = opener.getBoundingClientRect(), gap = 6, edge = 8;
    const wide = document.documentElement.clientWidth, high = document.documentElement.clientHeight;
    const { offsetWidth: width, offsetHeight: height } = note;
    const below = word.bottom + gap + height <= high || word.top < height + gap;
    note.style.left = `${
      Math.max(edge, Math.min(word.left, wide - width - edge)) + window.scrollX
    }px`;
    note.style.top = `${(below ? word.bottom + gap : word.top - gap - height) + window.scrollY}px`;
  }

  function close() {
    if (!opener) return;
    opener.setAttribute("aria-expanded", "false");
    opener.removeAttribute("aria-controls");
    opener = undefined;
    note.hidden = true;
  }

  function open(button) {
    close();
    opener = button;
    const words = JSON.parse(document.querySelector("[data-glossary]").dataset.glossary);
    (note || made()).textContent = words[button.dataset.term];
    note.hidden = false;
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-controls", note.id);
    place();
    // Read out at once; Tab goes on from the word, since the note keeps no focus.
    button.setAttribute("aria-describedby", note.id);
  }

  // In front of what a card or a picture makes of a click: the word alone was meant.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.term");
    if (!button) {
      if (!event.target.closest?.(".term-note")) close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (button === opener) close();
    else open(button);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opener) return;
    const button = opener;
    close();
    button.focus();
  });
  window.addEventListener("resize", () => {
    if (opener) opener.isConnected ? place() : close();
  });
  // A picture that is drawn anew takes its words with it.
  new MutationObserver(() => {
    if (opener && !opener.isConnected) close();
  })
    .observe(document.documentElement, { childList: true, subtree: true });
})();
