// The controls above the list, the language, printing, and what the address asks for.

const controls = document.getElementById("controls");
const place = document.getElementById("list");
const printed = document.getElementById("printed");
let withPages = false;

function verdictButtons() {
  const counted = new Map();
  for (const finding of findings) counted.set(finding.verdict, (counted.get(finding.verdict) || 0) + 1);
  const toggle = (name) => () => {
    if (!filters.verdict.delete(name)) filters.verdict.add(name);
    update();
  };
  const button = (name) =>
    el(
      "button",
      { type: "button", class: `toggle v-${name}`, "aria-pressed": String(filters.verdict.has(name)), "data-verdict": name, onclick: toggle(name) },
      `${verdictOf(name)} ${counted.get(name)}`,
    );
  const names = VERDICTS.filter((name) => counted.has(name));
  return el("div", { class: "toggles", role: "group", "aria-label": t("verdict") }, ...names.map(button));
}

function chip(name) {
  if (!filters[name]) return null;
  const clear = () => {
    filters[name] = "";
    update();
  };
  const days = filters[name].replace(/-$/, "+");
  const words = name === "late" ? `${days}${lang === ZH ? "天" : " days"}` : filters[name];
  return el("button", { type: "button", class: "chip", title: t("remove"), onclick: clear }, `${t(name)} ${words} ✕`);
}

let typing = 0;
function onSearch(event) {
  clearTimeout(typing);
  filters.text = event.target.value;
  typing = setTimeout(() => update(false), 150);
}

function sortList() {
  const option = (by, down) =>
    el("option", { value: `${by} ${down}`, selected: order.by === by && order.down === down }, `${t(by)} ${t(down ? "descending" : "ascending")}`);
  const onchange = (e) => {
    const [by, down] = e.target.value.split(" ");
    Object.assign(order, { by, down: down === "true" });
    update();
  };
  const options = ["verdict", "record", "organ", "rule", "due", "actual", "over_by"].flatMap((by) => [option(by, false), option(by, true)]);
  return el("label", {}, t("sort"), el("select", { name: "sort", onchange }, ...options));
}

function drawControls() {
  const search = el("input", { type: "search", name: "search", placeholder: t("search_hint"), value: filters.text, oninput: onSearch });
  const onclick = () => {
    clearFilters();
    update();
  };
  const pages = el("input", { type: "checkbox", name: "pages", checked: withPages, onchange: (e) => (withPages = e.target.checked) });
  controls.replaceChildren(
    verdictButtons(),
    el("div", { class: "fields" }, el("label", { class: "search" }, t("search"), search), select("document"), select("organ"), select("type"), sortList()),
    el(
      "div",
      { class: "state" },
      el("span", { id: "count", role: "status" }),
      chip("month") || "",
      chip("late") || "",
      el("button", { type: "button", id: "reset", onclick }, t("reset")),
      el("label", { class: "check" }, pages, t("print_details")),
    ),
  );
}

// after a change of filters, order or language; the control that has the focus keeps it
function update(all = true) {
  clearTimeout(typing);
  const focused = document.activeElement;
  const again = focused?.dataset?.verdict ? `[data-verdict="${focused.dataset.verdict}"]` : focused?.dataset?.sort ? `[data-sort="${focused.dataset.sort}"]` : focused?.name ? `[name="${focused.name}"]` : focused?.id === "reset" ? "#reset" : "";
  const inside = controls.contains(focused) || place.contains(focused);
  shown = sorted(filtered());
  current = 0;
  if (all) drawControls();
  const number = `${shown.length} ${t("of")} ${findings.length} ${t("entries")}`;
  document.getElementById("count").textContent = number;
  document.getElementById("told").textContent = [number, told()].filter(Boolean).join(" · ");
  place.replaceChildren(shown.length ? list() : el("p", { class: "note" }, t(findings.length ? "none_match" : data.checked ? "nothing_found" : "nothing_checked")));
  if (shown.length) {
    draw(true);
    measure();
    draw(); // the box has grown around the first rows, and there is room for more
  }
  if (inside && again) document.querySelector(`#findings ${again}`)?.focus();
}

function setLanguage(to) {
  lang = to;
  root.dataset.lang = to === EN ? "en" : "zh";
  root.lang = to === EN ? "en" : "zh-CN";
  document.title = `${t("title")} ${data.as_of}`;
  update();
  if (dialog.open) showPage(open);
}

function beforePrint() {
  if (dialog.open) {
    root.classList.add("one-page");
    printed.replaceChildren(pageOf(open));
    return;
  }
  if (shown.length) drawAll();
  if (withPages) {
    printed.replaceChildren(...shown.slice(0, MOST_PAGES).map((finding) => pageOf(finding)));
    if (shown.length > MOST_PAGES) printed.append(el("p", {}, t("details_cut") + (shown.length - MOST_PAGES)));
  }
}

function afterPrint() {
  root.classList.remove("one-page");
  printed.replaceChildren();
  whole = false;
  if (shown.length) draw(true);
}

function onFilterLink(event) {
  const link = event.target.closest("a[data-filter]");
  if (!link) return;
  clearFilters();
  filters[link.dataset.filter] = link.dataset.value;
  update();
}

document.querySelector(".tools").hidden = false;
document.getElementById("language").addEventListener("click", () => setLanguage(lang === ZH ? EN : ZH));
document.getElementById("print").addEventListener("click", () => print());
document.getElementById("charts")?.addEventListener("click", onFilterLink);
dialog.addEventListener("close", () => {
  open = null;
  if (location.hash.startsWith("#finding-")) history.replaceState(null, "", "#findings");
  if (shown.length) linkOf(current)?.focus({ preventScroll: true });
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
addEventListener("hashchange", follow);
addEventListener("resize", () => {
  if (shown.length) {
    measure();
    draw(true);
  }
});
addEventListener("beforeprint", beforePrint);
addEventListener("afterprint", afterPrint);
update();
follow();
