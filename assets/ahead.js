// How many questions of others go before those of this page, as the stream tells.
addEventListener("ahead", ({ detail: count }) => {
  const place = document.getElementById("ahead");
  if (place) place.textContent = count ? fill(place.dataset.words, { count }) : "";
});
