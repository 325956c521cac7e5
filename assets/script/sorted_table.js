// A click on a column's head sorts the rows by it, the next one the other way round; rows that are
// drawn anew are sorted alike.
let column = -1, down = false;
const apply = () => {
  element.querySelectorAll("th [data-sort]").forEach((button, index) => {
    button.closest("th").setAttribute(
      "aria-sort",
      index !== column ? "none" : down ? "descending" : "ascending",
    );
  });
  if (column < 0) return;
  element.querySelectorAll("tbody").forEach((body) => {
    const rows = [...body.querySelectorAll("tr[data-key]")];
    const value = (row) => row.children[column].dataset.value;
    rows.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const order = isNaN(x) ? x.localeCompare(y) : x - y;
      return down ? -order : order;
    });
    rows.forEach((row) => body.appendChild(row));
  });
};
const observer = new MutationObserver(() => again());
const again = () => {
  observer.disconnect();
  apply();
  observer.observe(element, { childList: true, subtree: true });
};
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sort]");
  if (!button) return;
  const chosen = Number(button.dataset.sort);
  down = chosen === column ? !down : false;
  column = chosen;
  again();
});
again();
