// What opens, closes and scrolls: panels over the page, the photo's strip on a phone, the bar of tabs.
Object.assign(
  window.four,
  (() => {
    const openers = () => document.querySelectorAll("[data-panel]");

    // One panel at a time: its id is the body's, since Gradio draws the panels themselves anew.
    function openPanel(id) {
      if (id) document.body.dataset.open = id;
      else delete document.body.dataset.open;
      openers().forEach((button) =>
        button.setAttribute("aria-expanded", String(button.dataset.panel === id))
      );
      if (id) document.getElementById(id)?.scrollTo(0, 0);
    }

    // How much is chosen in a panel, at its button.
    const count = (id, number) =>
      document.querySelectorAll(`[data-count="${id}"]`).forEach((place) => {
        place.textContent = number;
      });

    function changePhoto(open) {
      document.body.classList.toggle("changing-photo", open);
      document.querySelectorAll("[data-change-photo]").forEach((button) =>
        button.setAttribute("aria-expanded", String(open))
      );
    }
    const photoChosen = () => changePhoto(false);

    document.addEventListener("click", (event) => {
      const opener = event.target.closest("[data-panel]");
      const open = document.body.dataset.open;
      if (opener) openPanel(open === opener.dataset.panel ? "" : opener.dataset.panel);
      else if (open && !document.getElementById(open)?.contains(event.target)) openPanel("");
      if (event.target.closest("[data-change-photo]")) {
        changePhoto(!document.body.classList.contains("changing-photo"));
      }
    });
    document.addEventListener("keydown", (event) => {
      const open = document.body.dataset.open;
      if (event.key !== "Escape" || !open) return;
      openPanel("");
      document.querySelector(`[data-panel="${open}"]`)?.focus();
    });

    // The bar of tabs: the open one in sight, and a fading edge where there are more.
    const bar = () => document.querySelector("#tabs [role=tablist]");
    const edges = (list) => {
      const left = list.scrollLeft > 4;
      const right = list.scrollLeft + list.clientWidth < list.scrollWidth - 4;
      list.dataset.more = `${left ? "left" : ""} ${right ? "right" : ""}`.trim();
    };
    function showTab(id, behavior = "smooth") {
      const list = bar();
      const tab = list?.querySelector(`[data-tab-id="${id}"]`);
      if (tab) {
        list.scrollTo({
          left: tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2,
          behavior,
        });
      }
    }
    // On its way in the bar changes its width, and a glide under way ends where it was to end.
    const sized = new ResizeObserver((entries) =>
      entries.forEach(({ target }) => {
        showTab(document.body.dataset.tab, "instant");
        edges(target);
      })
    );
    const watched = new WeakSet();
    new MutationObserver(() => {
      const list = bar();
      if (!list || watched.has(list)) return;
      watched.add(list);
      list.addEventListener("scroll", () => edges(list), { passive: true });
      sized.observe(list);
    }).observe(document.documentElement, { childList: true, subtree: true });

    return { openPanel, count, photoChosen, showTab };
  })(),
);
