// Plots as inline SVG: text is text, colours are the page's own in light and dark.

const SPACE = "http://www.w3.org/2000/svg";
// As wide as there is room, so that letters keep their size on a telephone.
const WIDTH = Math.min(640, Math.max(280, document.documentElement.clientWidth - 80));
const NARROW = WIDTH < 480;

export function count(number) {
  return number.toLocaleString(document.documentElement.lang || "fr");
}

export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat());
  return element;
}

function plot(height, label, ...children) {
  return s("svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label }, ...children);
}

// One bar a row, cut into parts; `rows` are { name, parts }. A whole bar is the longest, or `whole`.
export function bars(rows, label, whole = 1) {
  const [left, step, above] = NARROW ? [0, 46, 22] : [250, 30, 6];
  const most = Math.max(whole, ...rows.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)));
  const scale = (WIDTH - left - 60) / most;
  const drawn = rows.map(({ name, parts, kind }, row) => {
    let x = left;
    const pieces = parts.map((part, place) => {
      const piece = s("rect", { x, y: row * step + above, width: part * scale, height: 18, class: kind ?? `age${place}` });
      x += part * scale;
      return piece;
    });
    const sum = parts.reduce((total, part) => total + part, 0);
    const middle = row * step + above + 14;
    const at = NARROW ? { x: 0, y: row * step + 15 } : { x: left - 10, y: middle, "text-anchor": "end" };
    return [s("text", at, name), ...pieces, s("text", { x: x + 8, y: middle }, count(sum))];
  });
  return plot(rows.length * step + 8, label, ...drawn.flat());
}

// A score from 0 to 100 by day.
export function trend(days, label, told) {
  const [left, top, height] = [40, 10, 150];
  const x = (place) => left + (days.length < 2 ? 0 : (place * (WIDTH - left - 20)) / (days.length - 1));
  const y = (score) => top + height - (score * height) / 100;
  const grid = [0, 50, 100].flatMap((score) => [
    s("line", { x1: left, x2: WIDTH - 20, y1: y(score), y2: y(score), class: "axis" }),
    s("text", { x: left - 8, y: y(score) + 4, "text-anchor": "end", class: "mute" }, String(score)),
  ]);
  const points = days.map((day, place) => `${x(place)},${y(day.score)}`).join(" ");
  const dots = days.map((day, place) => s("circle", { cx: x(place), cy: y(day.score), r: 3, class: "dot" }));
  const ends = [s("text", { x: left, y: top + height + 20, class: "mute" }, told(days[0].day))];
  if (days.length > 1) ends.push(s("text", { x: WIDTH - 20, y: top + height + 20, "text-anchor": "end", class: "mute" }, told(days.at(-1).day)));
  return plot(top + height + 30, label, ...grid, s("polyline", { points, class: "line" }), ...dots, ...ends);
}
