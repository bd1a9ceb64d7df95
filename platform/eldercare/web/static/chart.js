// A line chart with bands, drawn as SVG: one plot an indicator, one line a scenario.

import { element } from "/static/api.js";

const WIDTH = 520, HEIGHT = 236, LEFT = 50, RIGHT = 12, TOP = 10, BOTTOM = 26;

/** A plot of `lines` [{name, points: [{x, mean, low, high}]}]; `form(value, whole)` writes a value, without decimals when told. */
export function plot(title, lines, form) {
  const points = lines.flatMap((line) => line.points);
  const across = scale(extent(points.map((point) => point.x)), [LEFT, WIDTH - RIGHT]);
  const ticks = steps(...extent(points.flatMap((point) => [point.low, point.high])));
  const up = scale([ticks[0], ticks.at(-1)], [HEIGHT - BOTTOM, TOP]);
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(title, lines, form) });
  for (const tick of ticks) {
    svg.append(shape("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: up(tick), y2: up(tick) }));
    svg.append(label(form(tick, true), LEFT - 9, up(tick) + 4, "end"));
  }
  const years = [...new Set(points.map((point) => point.x))];
  for (const year of years.filter((_, index) => index % Math.ceil(years.length / 6) === 0)) svg.append(label(String(year), across(year), HEIGHT - 6, "middle"));
  lines.forEach((line, index) => svg.append(band(line, index, across, up)));
  lines.forEach((line, index) => svg.append(...curve(line, index, across, up)));
  const frame = element("figure", { class: "plot" }, element("h3", {}, title), svg);
  point(frame, svg, years, lines, across, form);
  return frame;
}

/** What those hear who cannot see the plot. */
function summary(title, lines, form) {
  return [title, ...lines.map((line) => `${line.name}: ${form(line.points[0].mean)} → ${form(line.points.at(-1).mean)}`)].join(". ");
}

function band(line, index, across, up) {
  const there = line.points.map((point) => `${across(point.x)},${up(point.high)}`);
  const back = line.points.toReversed().map((point) => `${across(point.x)},${up(point.low)}`);
  return shape("polygon", { class: `band s${index % 6}`, points: [...there, ...back].join(" ") });
}

function curve(line, index, across, up) {
  const path = line.points.map((point, n) => `${n ? "L" : "M"}${across(point.x)},${up(point.mean)}`).join("");
  const dots = line.points.map((point) => shape("circle", { class: `dot s${index % 6}`, cx: across(point.x), cy: up(point.mean), r: 3.4 }));
  return [shape("path", { class: `line s${index % 6}`, d: path }), ...dots];
}

/** Show the values of the year that is pointed at. */
function point(frame, svg, years, lines, across, form) {
  let tip;
  const away = () => { tip?.remove(); tip = undefined; };
  svg.addEventListener("pointerleave", away);
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const year = years.reduce((best, each) => (Math.abs(across(each) - x) < Math.abs(across(best) - x) ? each : best));
    away();
    tip = element("div", { class: "tip" }, [year, ...lines.map((line) => told(line, year, form))].join("\n"));
    frame.append(tip);
    tip.style.left = `${Math.min((across(year) / WIDTH) * box.width + 14, box.width - tip.offsetWidth)}px`;
    tip.style.top = `${event.clientY - frame.getBoundingClientRect().top + 16}px`;
  });
}

function told(line, year, form) {
  const found = line.points.find((each) => each.x === year);
  return found ? `${line.name}  ${form(found.mean)}  (${form(found.low)} – ${form(found.high)})` : `${line.name}  –`;
}

function label(text, x, y, anchor) {
  const made = shape("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function scale([from, to], [low, high]) {
  return (value) => Math.round((low + ((value - from) / (to - from || 1)) * (high - low)) * 100) / 100;
}

function extent(values) {
  return [Math.min(...values), Math.max(...values)];
}

/** Four to seven round numbers around the values. */
function steps(low, high) {
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough);
  const found = [];
  for (let n = Math.floor(low / step); n <= Math.ceil(high / step); n++) found.push(Number((n * step).toPrecision(12)));
  return found.length > 1 ? found : [low, low + step];
}
