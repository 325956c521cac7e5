// A box to type a class into, with a list below it: the combobox of the ARIA practices. The value is
// the data set's own label, "" is each network's own first choice. The names of ImageNet's classes
// are asked for once a page, when somebody first needs them.
const input = element.querySelector("input");
const list = element.querySelector("[role=listbox]");
const none = element.querySelector(".picker-none");
const status = element.querySelector("[role=status]");
const { words } = props;

// The same folding as demo/labels.py: case, width, kana, spaces and signs do not matter.
const fold = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(/[^\p{L}\p{N}]/gu, "");
const option = (dataset, [label, shown, ...also]) => ({
  dataset,
  label,
  shown,
  // Where a word of the name begins counts as well: "lion" is nearer to "sea lion" than to "dandelion".
  words: [shown, ...also].flatMap((name) => name.split(/[\s・（(-]+/).map(fold)),
  names: [...new Set([shown, label, ...also].map(fold))],
});

const own = { dataset: "", label: "", shown: words.own, names: [fold(words.own)], words: [] };
const ten = props.ten.map((row) => option("cifar10", row));
let thousand = [];
let datasets = new Set();
let matches = [];
let active = -1;
let composing = false;
let typed = false;

const opened = () => input.getAttribute("aria-expanded") === "true";
const all = () => [own, ...[...ten, ...thousand].filter((one) => datasets.has(one.dataset))];
const named = (label) => [own, ...ten, ...thousand].find((one) => one.label === label);

// Lower is better: the whole name, its beginning, the beginning of a word in it, anywhere in it.
function rank(one, query) {
  if (one.names.includes(query)) return 0;
  if (one.names.some((name) => name.startsWith(query))) return 1;
  if (one.words.some((word) => word.startsWith(query))) return 2;
  return one.label && one.names.some((name) => name.includes(query)) ? 3 : 4;
}

function search(text) {
  const query = fold(text);
  if (!query) return all();
  const found = all().map((one) => [rank(one, query), one]).filter(([place]) => place < 4);
  // The sort is stable: equal ones keep the order of their indices.
  return found.sort(([a], [b]) => a - b).map(([, one]) => one);
}

function draw() {
  matches = search(typed ? input.value : "");
  const grouped = !typed && datasets.size > 1;
  list.replaceChildren();
  let into = list;
  matches.forEach((one, i) => {
    if (grouped && one.dataset && into.dataset.group !== one.dataset) {
      into = list.appendChild(document.createElement("div"));
      into.dataset.group = one.dataset;
      into.setAttribute("role", "group");
      into.setAttribute("aria-label", words[one.dataset]);
      const title = into.appendChild(document.createElement("div"));
      title.className = "picker-group";
      title.setAttribute("aria-hidden", "true");
      title.textContent = words[one.dataset];
    }
    const row = into.appendChild(document.createElement("div"));
    row.id = `${list.id}-${i}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(one.label === props.value));
    row.dataset.at = i;
    row.textContent = one.shown;
  });
  none.hidden = matches.length > 0;
  list.hidden = matches.length === 0;
  status.textContent = typed ? fill(words.count, { count: matches.length }) : "";
  point(typed ? 0 : matches.findIndex((one) => one.label === props.value));
}

function point(at) {
  active = matches.length ? Math.min(Math.max(at, 0), matches.length - 1) : -1;
  list.querySelector(".active")?.classList.remove("active");
  const row = active < 0 ? null : document.getElementById(`${list.id}-${active}`);
  if (row) {
    row.classList.add("active");
    input.setAttribute("aria-activedescendant", row.id);
    // Within the list alone: scrollIntoView would move the page as well.
    if (row.offsetTop < list.scrollTop) list.scrollTop = row.offsetTop;
    const low = row.offsetTop + row.offsetHeight - list.clientHeight;
    if (low > list.scrollTop) list.scrollTop = low;
    if (active === 0) list.scrollTop = 0;
  } else input.removeAttribute("aria-activedescendant");
}

function open() {
  if (opened()) return;
  const box = input.getBoundingClientRect();
  const height = window.visualViewport ? window.visualViewport.height : window.innerHeight;
  element.classList.toggle("picker-up", height - box.bottom < 220 && box.top > height - box.bottom);
  element.classList.add("picker-open");
  input.setAttribute("aria-expanded", "true");
  typed = false;
  draw();
  fetchNames();
}

function close() {
  element.classList.remove("picker-open");
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  list.replaceChildren();
  typed = false;
  show();
}

function show() {
  if (opened()) return;
  const one = named(props.value);
  input.value = one ? one.shown : props.value;
  if (!one) fetchNames();
}

// What a link asked for is over as soon as the reader, or another network, decides.
function hold(label) {
  if (input.id in four.classes) four.classes[input.id] = label;
  props.value = label;
}

function pick(one) {
  const changed = one.label !== props.value;
  hold(one.label);
  close();
  if (changed) trigger("input");
}

// Whoever leaves with the whole name of a class typed means that class.
function leave() {
  if (!opened()) return;
  const query = fold(input.value);
  const [best] = typed && query ? matches : [];
  if (best && rank(best, query) === 0) pick(best);
  else close();
}

// What failed is asked for again when the list is opened again.
function fetchNames() {
  if (thousand.length || !(datasets.has("imagenet") || props.value)) return;
  four.classNames ||= fetch(props.address).then((
    answer,
  ) => (answer.ok ? answer.json() : Promise.reject()));
  four.classNames.then(
    (rows) => {
      if (thousand.length) return;
      thousand = rows.map((row) => option("imagenet", row));
      if (opened()) draw();
      else show();
    },
    () => {
      four.classNames = null;
    },
  );
}

input.addEventListener("compositionstart", () => {
  composing = true;
});
input.addEventListener("compositionend", () => {
  composing = false;
});
input.addEventListener("input", () => {
  open();
  typed = true;
  draw();
});
input.addEventListener("focus", () => input.select());
input.addEventListener("pointerdown", () => {
  if (document.activeElement === input) open();
});
input.addEventListener("click", open);
input.addEventListener("blur", leave);
input.addEventListener("keydown", (event) => {
  // The Enter that ends a composition is the input method's: 229 in Safari, where it comes after the end.
  if (event.isComposing || composing || event.keyCode === 229) return;
  const page = 8;
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  if (event.key in steps) {
    event.preventDefault();
    if (opened()) point(active + steps[event.key]);
    else open();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!opened()) open();
    else if (active >= 0) pick(matches[active]);
  } else if (event.key === "Escape" && opened()) {
    event.preventDefault();
    event.stopPropagation();
    close();
    input.select();
  }
});
// Without this a press on the list would take the focus, and with it the list.
element.querySelector(".picker-list").addEventListener(
  "pointerdown",
  (event) => event.preventDefault(),
);
list.addEventListener("click", (event) => {
  const row = event.target.closest("[role=option]");
  if (row) pick(matches[Number(row.dataset.at)]);
});
list.addEventListener("pointermove", (event) => {
  const row = event.target.closest("[role=option]");
  if (row && Number(row.dataset.at) !== active) {
    list.querySelector(".active")?.classList.remove("active");
    row.classList.add("active");
    active = Number(row.dataset.at);
    input.setAttribute("aria-activedescendant", row.id);
  }
});

// Which networks are chosen decides which classes there are; a class that none of them knows goes.
function know(networks) {
  datasets = new Set(networks.map((key) => props.knows[key]));
  const held = [...ten, ...thousand].find((one) => one.label === props.value);
  const dataset = held ? held.dataset : "imagenet";
  if (props.value && !datasets.has(dataset)) {
    hold("");
    trigger("input");
  }
  if (opened()) draw();
  else show();
}
document.addEventListener("networks", (event) => {
  if (event.detail.picker === input.id) know(event.detail.networks);
});
function take(label) {
  if (label === undefined || label === props.value) return;
  props.value = label;
  show();
}
document.addEventListener("class-asked", (event) => {
  if (event.detail.picker === input.id) take(event.detail.label);
});
// Gradio sets the first value once more after it has mounted what was built.
watch("value", () => {
  take(four.classes[input.id]);
  if (opened()) draw();
  else show();
});
take(four.classes[input.id]);
know(four.chosen[input.id] || props.networks);
