// The drawing of a finding's days: what happened, when it was due, and by how much it came, or still is, too late.

const DAY = 86400000;
const dayOf = (text) => Date.parse(`${text}T00:00:00Z`) / DAY;

// [day, kind, words] of everything that has a day, in order; the as-of day where it is the end of a delay or of a wait
function marks(finding) {
  const found = finding.evidence
    .filter(([, , day]) => day)
    .map(([zh, en, day]) => [day, "event", data.texts[lang === ZH ? zh : en]]);
  if (finding.actual && !found.some(([day]) => day === finding.actual)) found.push([finding.actual, "event", t("actual")]);
  if (finding.due) {
    const at = found.findIndex(([day]) => day === finding.due);
    if (at >= 0) found[at][2] += ` · ${t("due")}`;
    else found.push([finding.due, "due", t("due")]);
  }
  if (found.length && (!finding.actual || finding.verdict === "pending")) found.push([data.as_of, "as-of", t("as_of")]);
  return found.sort((a, b) => dayOf(a[0]) - dayOf(b[0]));
}

// from when to when it is off: late after the due day, or before it what came too early
function delay(finding) {
  const off = finding.verdict === "violated" || finding.verdict === "excused";
  if (!off || !finding.due || !figure(finding, OVER_BY)) return null;
  const end = finding.actual || data.as_of;
  if (finding.late) return [finding.due, end, `${t("overdue")} ${figure(finding, OVER_BY)}`];
  return finding.detail === "early" && finding.actual ? [end, finding.due, `${t("missed_by")} ${figure(finding, OVER_BY)}`] : null;
}

function timeline(finding) {
  const found = marks(finding);
  if (found.length < 2) return null;
  const [first, last] = [dayOf(found[0][0]), dayOf(found[found.length - 1][0])];
  const place = (day) => 3 + (94 * (dayOf(day) - first)) / Math.max(last - first, 1);
  const percent = (number) => `${number.toFixed(2)}%`;
  const axis = 40;
  const height = axis + 16 + 24 * found.length;
  const drawing = svg("svg", { class: "timeline", width: "100%", height, role: "img" });
  const said = found.map(([day, , words]) => `${day} ${words}`);
  const off = delay(finding);
  drawing.append(svg("title", {}, said.concat(off ? [off[2]] : []).join(joint())));
  drawing.append(svg("line", { class: "axis", x1: "0", x2: "100%", y1: axis, y2: axis }));
  if (off) {
    const [from, to] = [place(off[0]), place(off[1])];
    drawing.append(svg("rect", { class: "delay", x: percent(from), width: percent(to - from), y: axis - 5, height: 10 }));
    const anchor = from + to > 100 ? "end" : "start";
    drawing.append(
      svg("text", { class: "delay-words", x: percent(anchor === "end" ? to : from), y: axis - 14, "text-anchor": anchor }, off[2]),
    );
  }
  found.forEach(([day, kind, words], n) => {
    const x = place(day);
    const y = axis + 26 + 24 * n;
    const end = x > 50;
    drawing.append(svg("line", { class: "leader", x1: percent(x), x2: percent(x), y1: axis, y2: y - 4 }));
    drawing.append(svg("circle", { class: `mark ${kind}`, cx: percent(x), cy: axis, r: 6 }));
    drawing.append(
      svg("text", { class: kind, x: percent(x), dx: end ? -6 : 6, y, "text-anchor": end ? "end" : "start" }, `${day}  ${cut(words, 40)}`),
    );
  });
  return drawing;
}
