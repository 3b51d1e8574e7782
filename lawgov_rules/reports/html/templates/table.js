// The list: only the rows in sight are in the page, so twenty thousand scroll as smoothly as twenty.

const COLUMNS = ["verdict", "record", "rule", "due", "actual", "over_by"];
const AROUND = 8; // rows kept ready above and below those in sight
const MOST_PRINTED = 2000;
const MOST_PAGES = 300;

let body = null; // of the table
let box = null; // that scrolls
let current = 0; // the row that the keyboard is at
let height = 60; // of a row, measured
let drawn = [0, 0];
let whole = false; // while it is printed

function cells(finding) {
  const instance = text(finding.instance);
  const link = el("a", { href: `#finding-${finding.fingerprint}`, tabindex: "-1" }, user(cut(finding.record, 120)));
  return [
    el("td", { class: "c-verdict" }, badge(finding.verdict), el("small", {}, data.details[finding.detail][lang])),
    el("td", { class: "c-record" }, link, el("small", {}, user(cut(finding.organ, 80)), instance ? ` · ${instance}` : "")),
    el("td", { class: "c-rule" }, el("span", {}, finding.rule.title[lang]), el("small", {}, cut(happenedOf(finding), 300))),
    el("td", { class: "c-due" }, finding.due),
    el("td", { class: "c-actual" }, finding.actual),
    el("td", { class: "c-over_by", title: figure(finding, OVER_BY) || null }, cut(figure(finding, OVER_BY), 120)),
  ];
}

function line(finding, n) {
  return el("tr", { "aria-rowindex": n + 2, class: n === current ? "current" : null, "data-n": n }, ...cells(finding));
}

function gap(rows) {
  const cell = el("td", { colspan: COLUMNS.length });
  cell.style.height = `${rows * height}px`;
  return el("tr", { "aria-hidden": "true", class: "gap" }, cell);
}

function draw(force = false) {
  if (whole) return;
  const from = Math.max(0, Math.floor(box.scrollTop / height) - AROUND);
  const to = Math.min(shown.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + AROUND);
  if (!force && from === drawn[0] && to === drawn[1]) return;
  const focused = body.contains(document.activeElement);
  drawn = [from, to];
  const rows = shown.slice(from, to).map((finding, n) => line(finding, from + n));
  body.replaceChildren(...(from ? [gap(from)] : []), ...rows, ...(to < shown.length ? [gap(shown.length - to)] : []));
  const link = linkOf(current) || body.querySelector("a");
  if (link) link.tabIndex = 0;
  if (focused && link) link.focus({ preventScroll: true });
}

const linkOf = (n) => body.querySelector(`tr[data-n="${n}"] a`);

function measure() {
  const one = body.querySelector("tr[data-n]");
  const found = one ? one.getBoundingClientRect().height : 0;
  if (found && Math.abs(found - height) > 0.5) {
    height = found;
    draw(true);
  }
}

function moveTo(n) {
  current = Math.max(0, Math.min(shown.length - 1, n));
  const head = box.querySelector("thead").offsetHeight;
  const top = current * height;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height + head > box.scrollTop + box.clientHeight) box.scrollTop = top + height + head - box.clientHeight;
  draw(true);
  linkOf(current)?.focus({ preventScroll: true });
}

function onKey(event) {
  const page = Math.max(1, Math.floor(box.clientHeight / height) - 1);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (!(event.key in steps) || !body.contains(event.target)) return;
  event.preventDefault();
  moveTo(current + steps[event.key]);
}

function onClick(event) {
  const tr = event.target.closest("tr[data-n]");
  if (!tr) return;
  current = Number(tr.dataset.n);
  if (!event.target.closest("a") && !String(getSelection())) go(shown[current]);
}

function sortBy(by) {
  order.down = order.by === by ? !order.down : by === "over_by";
  order.by = by;
  update();
}

function heading(name) {
  const state = order.by === name ? (order.down ? "descending" : "ascending") : null;
  const arrow = state ? (order.down ? " ▼" : " ▲") : "";
  const button = el("button", { type: "button", "data-sort": name, onclick: () => sortBy(name) }, t(name) + arrow);
  return el("th", { scope: "col", class: `c-${name}`, "aria-sort": state }, button);
}

function list() {
  body = el("tbody");
  const head = el("thead", {}, el("tr", { "aria-rowindex": 1 }, ...COLUMNS.map(heading)));
  const table = el("table", { class: "findings", "aria-rowcount": shown.length + 1, "aria-labelledby": "findings-title" }, head, body);
  box = el("div", { class: "rows", onkeydown: onKey, onclick: onClick }, table);
  box.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { passive: true });
  return box;
}

// every row (or as many as one prints) in place of those in sight
function drawAll() {
  whole = true;
  const rows = shown.slice(0, MOST_PRINTED).map(line);
  body.replaceChildren(...rows);
  if (shown.length > MOST_PRINTED) {
    const words = t("print_cut") + (shown.length - MOST_PRINTED);
    body.append(el("tr", {}, el("td", { colspan: COLUMNS.length, class: "cut" }, words)));
  }
}
