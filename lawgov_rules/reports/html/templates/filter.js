// Which findings the list shows, and in which order.

const filters = { verdict: new Set(), document: "", organ: null, type: "", month: "", late: "", text: "" };
const order = { by: "verdict", down: false };
const collator = new Intl.Collator("zh-CN", { numeric: true });
const VERDICTS = Object.keys(data.verdicts);
const SEVERITIES = Object.keys(data.severities);
const WEIGHT = new Map(VERDICTS.map((name, n) => [name, n * 10]));

// texts are compared once each, not once for every pair of findings
function ranks(textOf) {
  const texts = [...new Set(findings.map(textOf))].sort(collator.compare);
  const rank = new Map(texts.map((text, n) => [text, n]));
  return (finding) => rank.get(textOf(finding));
}

const keys = {
  verdict: () => (f) => WEIGHT.get(f.verdict) + SEVERITIES.indexOf(f.rule.severity),
  record: () => ranks((f) => f.record),
  organ: () => ranks((f) => f.organ),
  rule: () => ranks((f) => f.rule.title[lang]),
  due: () => (f) => (f.due ? dayOf(f.due) : null),
  actual: () => (f) => (f.actual ? dayOf(f.actual) : null),
  over_by: () => (f) => f.late || null,
};

// within a verdict, what is late by most stands first
function ties(x, y) {
  return order.by === "verdict" ? y.late - x.late || x.number - y.number : x.number - y.number;
}

// what has no value stands last in either direction; what is alike stays in the order of the report
function sorted(list) {
  const key = keys[order.by]();
  const valued = list.map((finding) => [key(finding), finding]);
  const sign = order.down ? -1 : 1;
  valued.sort(([a, x], [b, y]) => (a === null) - (b === null) || (a === b ? ties(x, y) : sign * (a - b)));
  return valued.map(([, finding]) => finding);
}

const haystacks = [new Map(), new Map()]; // by language, made when first searched
function haystack(finding) {
  const known = haystacks[lang];
  if (!known.has(finding)) {
    const facts = finding.missing.map(([, label]) => text(label));
    const texts = [finding.record, finding.organ, finding.rule.key, finding.rule.title[lang], typeOf(finding)];
    const more = [text(finding.instance), data.details[finding.detail][lang], verdictOf(finding.verdict), messageOf(finding)];
    known.set(finding, [...texts, ...more, ...facts, finding.due, finding.actual].join("\n").toLowerCase());
  }
  return known.get(finding);
}

function isWithin(days, range) {
  const [low, high] = range.split("-").map(Number);
  return days >= low && (!high || days <= high);
}

function filtered() {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  return findings.filter(
    (f) =>
      (!filters.verdict.size || filters.verdict.has(f.verdict)) &&
      (!filters.document || f.rule.document === filters.document) &&
      (filters.organ === null || f.organ === filters.organ) &&
      (!filters.type || f.type === filters.type) &&
      // the chart over time leaves out what does not apply, and so does its filter
      (!filters.month || ((f.due || f.actual).startsWith(filters.month) && f.verdict !== "not_applicable")) &&
      (!filters.late || isWithin(f.late, filters.late)) &&
      (!words.length || words.every((word) => haystack(f).includes(word))),
  );
}

// the filters in words, for the printed page
function told() {
  const names = VERDICTS.filter((name) => filters.verdict.has(name)).map(verdictOf);
  const parts = [
    names.length ? `${t("verdict")}${colon()}${names.join(joint())}` : "",
    filters.document ? `${t("document")}${colon()}${data.documents[filters.document] || filters.document}` : "",
    filters.organ === null ? "" : `${t("organ")}${colon()}${filters.organ || t("no_organ")}`,
    filters.type ? `${t("type")}${colon()}${(data.types[filters.type] || [filters.type, filters.type])[lang]}` : "",
    filters.month ? `${t("month")}${colon()}${filters.month}` : "",
    filters.late ? `${t("late")}${colon()}${filters.late}` : "",
    filters.text ? `${t("search")}${colon()}${cut(filters.text, 80)}` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function clearFilters() {
  filters.verdict.clear();
  Object.assign(filters, { document: "", organ: null, type: "", month: "", late: "", text: "" });
}

// the choices of a list: [value, words], the words in order
function choices(name) {
  const counted = new Map();
  const value = { document: (f) => f.rule.document, organ: (f) => f.organ, type: (f) => f.type }[name];
  for (const finding of findings) counted.set(value(finding), (counted.get(value(finding)) || 0) + 1);
  const words = { document: (v) => data.documents[v] || v, organ: (v) => v || t("no_organ"), type: (v) => (data.types[v] || [v, v])[lang] }[name];
  return [...counted].map(([v, n]) => [v, `${cut(words(v), 40)} (${n})`]).sort((a, b) => collator.compare(a[1], b[1]));
}

// a choice is written behind a mark, so that "all" is none of them, whatever an organ is called
const MARK = "=";

function choose(name, choice) {
  const all = name === "organ" ? null : "";
  filters[name] = choice ? choice.slice(MARK.length) : all;
  update();
}

function select(name) {
  const chosen = name === "organ" ? filters.organ : filters[name] || null;
  const option = ([value, words]) => el("option", { value: MARK + value, selected: value === chosen }, words);
  const options = [el("option", { value: "" }, t("all")), ...choices(name).map(option)];
  return el("label", {}, t(name), el("select", { name, onchange: (e) => choose(name, e.target.value) }, ...options));
}
