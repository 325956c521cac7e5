// Code beside its picture: what is pointed at on one side is lit on the other.
const RUN = "code-run";
const all = (selector) => [...element.querySelectorAll(selector)];
const belongs = (part, line) => part.dataset.lines.split(" ").includes(line.dataset.line);

// Parts that something pointed at stands for: itself, or those of the line, or of a name in it.
const partsOf = (target) => {
  const part = target.closest("[data-part]");
  if (part) return [part];
  const line = target.closest("[data-line]");
  if (!line) return null;
  const mine = all("[data-part]").filter((one) => belongs(one, line));
  const name = target.closest("b[data-attribute]")?.dataset.attribute;
  return name ? mine.filter((one) => one.dataset.attribute === name) : mine;
};
const light = (parts, line) => {
  const lit = new Set(parts);
  all("[data-part]").forEach((one) => one.classList.toggle("lit", lit.has(one)));
  all("[data-line]").forEach((one) => {
    const here = parts.filter((part) => belongs(part, one));
    one.classList.toggle("lit", line ? one === line : here.length > 0);
    const names = new Set(here.map((part) => part.dataset.attribute));
    one.querySelectorAll("b").forEach((name) =>
      name.classList.toggle("called", names.has(name.dataset.attribute))
    );
  });
};
// What was tapped stays lit while nothing else is pointed at.
let held = null;
const hold = (target) => {
  held = held === target ? null : target;
  all("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === held)));
};
const point = (target) => {
  const parts = target?.isConnected ? partsOf(target) : null;
  light(parts ?? [], parts ? target.closest("[data-line]") : null);
};
const rest = () => point(held);
// The lines of a part are brought into sight, inside their own column alone.
const bring = (part) => {
  const lines = all("[data-line]").filter((one) => belongs(part, one));
  const called = lines[lines.length - 1];
  const list = called?.closest(".code-lines");
  if (!list) return;
  const away = called.getBoundingClientRect().top - list.getBoundingClientRect().top;
  if (away < 0 || away > list.clientHeight - 40) list.scrollTop += away - list.clientHeight / 2;
};
const over = (event) => {
  const target = event.target.closest("[data-line], [data-part]");
  if (target) point(event.target);
};
element.addEventListener("pointerover", over);
element.addEventListener("focusin", over);
element.addEventListener("pointerout", rest);
element.addEventListener("focusout", rest);
const choose = (event) => {
  const target = event.target.closest("[data-line], [data-part]");
  if (!target) return;
  hold(target);
  point(held ?? event.target);
  if (target.matches("[data-part]")) bring(target);
};
const run = () => {
  const { block } = element.querySelector(".coded").dataset;
  const scene = element.closest(".scene");
  const fields = [...scene.querySelectorAll("[data-number]:is(input)")];
  const values = fields.sort((a, b) => a.dataset.number - b.dataset.number)
    .map((one) => one.value.normalize("NFKC").trim());
  four.pick(RUN, `${block}:${values.join(",")}`);
  trigger("click");
};
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-run]")) run();
  else choose(event);
});
element.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.closest("[data-line], [data-part]")) {
    return;
  }
  event.preventDefault();
  choose(event);
});

// In the presentation view the keys walk through forward, a part at a time.
let at = -1;
element.addEventListener("scene-step", (event) => {
  const parts = all("[data-part]");
  const next = at + event.detail.by;
  if (next < -1 || next >= parts.length) return;
  event.preventDefault();
  at = next;
  held = null;
  if (at >= 0) hold(parts[at]);
  rest();
  if (at >= 0) bring(parts[at]);
});
watch("value", () => {
  at = -1;
  held = null;
});
