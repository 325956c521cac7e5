// A click on what names a photo or a set of networks tells the server all that it names.
element.addEventListener("click", (event) => {
  const named = event.target.closest("[data-index], [data-set]");
  if (named) trigger("click", { ...named.dataset });
});
