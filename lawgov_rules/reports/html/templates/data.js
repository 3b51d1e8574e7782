// What the page carries: findings, rules and words; and how a piece of the page is made. No text ever becomes markup.

const data = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const ZH = 0;
const EN = 1;
let lang = root.dataset.lang === "en" ? EN : ZH;

const t = (key) => data.labels[key][lang];
const joint = () => (lang === ZH ? "、" : ", ");
const colon = () => (lang === ZH ? "：" : ": ");
const verdictOf = (name) => data.verdicts[name][lang];

// texts are known by their numbers, each in both languages
const text = (number) => data.texts[number][lang];
const figure = (finding, n) => text(finding.figures[n]);
const REQUIRED = 0;
const MEASURED = 1;
const OVER_BY = 2;

const findings = data.rows.map((row, number) => {
  const finding = { number };
  data.fields.forEach((name, n) => {
    finding[name] = row[n];
  });
  finding.rule = data.rules[finding.rule];
  [finding.record, finding.type, finding.organ, finding.file, finding.events] = data.records[finding.record];
  return finding;
});
const byFingerprint = new Map(findings.map((finding) => [finding.fingerprint, finding]));

// the sentence of a finding; the words of its rule stand with the rule
function messageOf(finding) {
  const said = finding.happened[lang];
  if (Array.isArray(said)) return said[0];
  const [before, after] = finding.rule.frame[lang];
  return before + said + after;
}

const happenedOf = (finding) => [finding.happened[lang]].flat()[0];
const typeOf = (finding) => (data.types[finding.type] || [finding.type, finding.type])[lang];

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

// a text of a user, which may run from right to left, without turning its neighbours
const user = (text) => (text ? el("bdi", {}, text) : "");

const cut = (text, most) => (text.length > most ? `${[...text.slice(0, most)].slice(0, -1).join("")}…` : text);

const badge = (name) => el("span", { class: `badge v-${name}` }, verdictOf(name));
