// The drawing of a finding's days: what decided it, what else is on record, when it was due, and by how much it is off.

const DAY = 86400000;
const dayOf = (day) => Date.parse(`${day}T00:00:00Z`) / DAY;
const FEW = 12; // events of a record that are all drawn, and all named

// whether an event is the one, or one of those, that a finding names
const isOne = (event, name) => name.split("|").includes(event);

// what decided: marks {day, kind, words}; the as-of day where it is the end of a delay or of a wait
function decided(finding) {
  const found = finding.evidence.filter(([, day]) => day).map(([label, day, , name]) => {
    const same = finding.events.filter((event) => event[1] === day && isOne(event[2], name));
    return { day, kind: "event", name, words: text(same.length === 1 ? same[0][0] : label) };
  });
  const on = (day) => found.find((mark) => mark.day === day);
  if (finding.actual && !on(finding.actual)) found.push({ day: finding.actual, kind: "event", words: t("actual") });
  if (finding.due && on(finding.due)) on(finding.due).words += ` · ${t("due")}`;
  else if (finding.due) found.push({ day: finding.due, kind: "due", words: t("due") });
  const waiting = !finding.actual || finding.verdict === "pending";
  if (waiting && found.length + finding.events.length) found.push({ day: data.as_of, kind: "as-of", words: t("as_of") });
  return found;
}

// what else happened: all of it where that is little, or else what lies about the days that decided, without names
function others(finding, marks) {
  const told = (day, event) => marks.some((mark) => mark.day === day && mark.name && isOne(event, mark.name));
  const found = finding.events
    .filter(([, day, event]) => !told(day, event))
    .map(([label, day]) => ({ day, kind: "other", words: text(label) }));
  if (finding.events.length <= FEW) return found;
  const days = marks.map((mark) => dayOf(mark.day));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const about = Math.max(30, (last - first) * 0.15);
  return found
    .filter(({ day }) => dayOf(day) >= first - about && dayOf(day) <= last + about)
    .map((mark) => ({ ...mark, kind: "tick" }));
}

// from when to when it is off: late after the due day, or before it what came too early
function delay(finding) {
  const off = finding.verdict === "violated" || finding.verdict === "excused";
  if (!off || !finding.due || !figure(finding, OVER_BY)) return null;
  const end = finding.actual || data.as_of;
  if (finding.late) return [finding.due, end, `${t("overdue")} ${figure(finding, OVER_BY)}`];
  const early = finding.actual && finding.actual < finding.due && finding.detail !== "missing";
  return early ? [end, finding.due, `${t("missed_by")} ${figure(finding, OVER_BY)}`] : null;
}

const AXIS = 40;
const LINE = 23;
const percent = (number) => `${number.toFixed(2)}%`;

function drawDelay(drawing, [, , words], from, to) {
  drawing.append(svg("rect", { class: "delay", x: percent(from), width: percent(to - from), y: AXIS - 5, height: 10 }));
  const end = from + to > 100;
  const at = { x: percent(end ? to : from), y: AXIS - 14, "text-anchor": end ? "end" : "start" };
  drawing.append(svg("text", { class: "delay-words", ...at }, words));
}

function drawMark(drawing, { day, kind, words }, x, y) {
  const end = x > 50;
  const at = { x: percent(x), dx: end ? -6 : 6, y, "text-anchor": end ? "end" : "start" };
  drawing.append(svg("line", { class: "leader", x1: percent(x), x2: percent(x), y1: AXIS, y2: y - 4 }));
  drawing.append(svg("text", { class: kind, ...at }, `${day}  ${cut(words, 36)}`));
}

function timeline(finding) {
  const marks = decided(finding);
  const all = [...marks, ...others(finding, marks)].sort((a, b) => dayOf(a.day) - dayOf(b.day));
  if (all.length < 2) return null;
  const [first, last] = [dayOf(all[0].day), dayOf(all[all.length - 1].day)];
  const place = (day) => 3 + (94 * (dayOf(day) - first)) / Math.max(last - first, 1);
  const named = all.filter((mark) => mark.kind !== "tick");
  const off = delay(finding);
  const drawing = svg("svg", { class: "timeline", width: "100%", height: AXIS + 18 + LINE * named.length, role: "img" });
  const said = named.map(({ day, words }) => `${day} ${words}`).concat(off ? [off[2]] : []);
  drawing.append(svg("title", {}, said.join(joint())));
  drawing.append(svg("line", { class: "axis", x1: "0", x2: "100%", y1: AXIS, y2: AXIS }));
  if (off) drawDelay(drawing, off, place(off[0]), place(off[1]));
  named.forEach((mark, n) => drawMark(drawing, mark, place(mark.day), AXIS + 26 + LINE * n));
  for (const { day, kind, words } of all) {
    const dot = svg("circle", { class: kind, cx: percent(place(day)), cy: AXIS, r: kind === "tick" ? 3 : 6 });
    dot.append(svg("title", {}, `${day} ${words}`));
    drawing.append(dot);
  }
  return drawing;
}
