// The page of one finding: what happened, when it was due, what the rule says and where that is written.

const row = (label, ...value) => (value.some((v) => v) ? el("div", {}, el("dt", {}, label), el("dd", {}, ...value)) : null);
const part = (title, ...content) => el("section", {}, el("h3", {}, title), ...content);

function counts(finding) {
  const told = finding.evidence
    .filter(([, , count]) => count)
    .map(([label, , count]) => `${text(label)} ${count}`);
  return told.join(joint());
}

function figures(finding) {
  return el(
    "dl",
    { class: "facts" },
    row(t("due"), finding.due),
    row(t("actual"), finding.actual),
    row(t("required"), figure(finding, REQUIRED)),
    row(t("measured"), figure(finding, MEASURED)),
    row(t("over_by"), figure(finding, OVER_BY)),
    row(t("counted"), counts(finding)),
    row(t("severity"), data.severities[finding.rule.severity][lang]),
    row(t("as_of"), data.as_of),
  );
}

function citation(finding) {
  const [title, clause, locator] = finding.rule.cited;
  return el(
    "dl",
    { class: "facts" },
    el("div", { class: "wide" }, el("dt", {}, t("document")), el("dd", { lang: "zh-CN" }, title)),
    row(t("clause"), el("span", { lang: "zh-CN" }, clause)),
    row(t("locator"), el("q", { lang: "zh-CN" }, locator)),
  );
}

function readings(finding) {
  if (!finding.readings.length) return null;
  const items = finding.readings.map(([name, verdict]) => el("li", {}, text(name) + colon(), badge(verdict)));
  return part(t("readings"), el("ul", {}, ...items));
}

function missing(finding) {
  if (!finding.missing.length) return null;
  const items = finding.missing.map(([fact, label]) => el("li", {}, text(label), " ", el("code", { class: "quiet" }, fact)));
  return part(t("missing"), el("ul", {}, ...items));
}

function ruleInWords(finding) {
  const rows = finding.rule.rows ? finding.rule.rows[lang] : [["", finding.rule.key]];
  const lines = rows.map(([label, said]) => el("div", {}, el("dt", {}, label), el("dd", {}, said)));
  return part(t("rule_in_words"), el("dl", { class: "prose" }, ...lines));
}

// the whole page; `id` names its heading where it stands alone
function pageOf(finding, id = null) {
  const drawing = timeline(finding);
  const instance = text(finding.instance);
  return el(
    "article",
    { class: "finding" },
    el("h2", { id, tabindex: id ? "-1" : null }, badge(finding.verdict), " ", data.details[finding.detail][lang]),
    el("p", { class: "what" }, el("strong", {}, finding.rule.title[lang]), " ", el("code", { class: "quiet" }, finding.rule.key)),
    el(
      "dl",
      { class: "facts" },
      el("div", { class: "wide" }, el("dt", {}, t("record")), el("dd", {}, user(finding.record))),
      row(t("organ"), user(finding.organ)),
      row(t("type"), typeOf(finding)),
      row(t("instance"), instance),
    ),
    part(t("message"), el("p", { class: "message" }, messageOf(finding))),
    drawing ? part(t("timeline"), drawing) : null,
    part(t("facts"), figures(finding)),
    readings(finding),
    missing(finding),
    part(t("citation"), citation(finding)),
    ruleInWords(finding),
    el(
      "footer",
      { class: "quiet" },
      finding.file ? el("span", {}, t("source") + colon(), user(finding.file), finding.line ? `:${finding.line}` : "") : null,
      el("span", {}, `${t("fingerprint")}${colon()}${finding.fingerprint}`),
    ),
  );
}

const dialog = document.getElementById("page");
let open = null; // the finding whose page is shown
let shown = findings; // what the list shows, in its order

function step(by) {
  const at = shown.indexOf(open);
  const next = shown[at + by];
  return at >= 0 && next
    ? el("button", { type: "button", class: by < 0 ? "previous" : "next", onclick: () => go(next) }, t(by < 0 ? "previous" : "next"))
    : null;
}

function showPage(finding) {
  open = finding;
  const close = el("button", { type: "button", class: "close", onclick: () => dialog.close() }, t("close"));
  dialog.replaceChildren(el("div", { class: "steps" }, step(-1) || "", step(1) || "", close), pageOf(finding, "page-title"));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  document.getElementById("page-title").focus();
}

// the address says which page is open, so that one can be linked and the browser's way back closes it
function go(finding) {
  const hash = `#finding-${finding.fingerprint}`;
  if (dialog.open) {
    history.replaceState(null, "", hash);
    showPage(finding);
  } else location.hash = hash;
}

function follow() {
  const found = /^#finding-(\w+)$/.exec(location.hash);
  if (found && byFingerprint.has(found[1])) showPage(byFingerprint.get(found[1]));
  else if (dialog.open) dialog.close();
}
