// Scales and axes of charts.

/** A scale from values to places; logarithmic or from zero. */
function scale(from, to, start, end, logarithmic) {
  const map = logarithmic ? Math.log : (value) => value;
  const [low, high] = [map(from), map(to)];
  const place = (value) => (high === low ? (start + end) / 2 : start + ((map(value) - low) / (high - low)) * (end - start));
  return { place, from, to, logarithmic };
}

/** A logarithmic range around values, with a little room; null without a value above zero. */
function logRange(values) {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return null;
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  const room = Math.max(1.15, (high / low) ** 0.04);
  return [low / room, high * room];
}

/** Ticks of a logarithmic scale: powers of ten, and as much between them as there is room for. */
function logTicks({ from, to }, most) {
  for (const steps of [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power += 1) {
      ticks.push(...steps.map((step) => step * 10 ** power).filter((tick) => tick >= from && tick <= to));
    }
    if (ticks.length <= most || steps.length === 1) return thinned(ticks, most);
  }
  return [];
}

/** Ticks of a logarithmic scale of bytes: powers of two. */
function byteTicks({ from, to }, most) {
  const [low, high] = [Math.ceil(Math.log2(from)), Math.floor(Math.log2(to))];
  const step = [1, 2, 4, 10].find((step) => (high - low) / step < most) ?? 20;
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((high - first) / step) + 1) }, (_, at) => 2 ** (first + at * step));
}

/** Ticks of a scale from zero: round numbers. */
function linearTicks({ to }, most) {
  const rough = to / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough) ?? power;
  return Array.from({ length: Math.floor(to / step + 1e-9) + 1 }, (_, at) => at * step);
}

function thinned(ticks, most) {
  const every = Math.ceil(ticks.length / Math.max(1, most));
  return ticks.filter((_, at) => at % every === 0);
}

/** The axis below a chart, with lines up into it. */
function axisBelow(frame, scale, ticks, show, title) {
  const parts = ticks.map((tick) => {
    const x = scale.place(tick);
    return [svg("line", { x1: x, x2: x, y1: frame.top, y2: frame.bottom, class: "grid" }),
      svg("text", { x, y: frame.bottom + 16, "text-anchor": "middle", class: "tick" }, show(tick))];
  });
  const name = svg("text", { x: (frame.left + frame.right) / 2, y: frame.bottom + 34, "text-anchor": "middle", class: "axis" }, title);
  return svg("g", {}, parts.flat(), name);
}

/** The axis beside a chart. */
function axisBeside(frame, scale, ticks, show, title) {
  const parts = ticks.map((tick) => {
    const y = scale.place(tick);
    return [svg("line", { x1: frame.left, x2: frame.right, y1: y, y2: y, class: "grid" }),
      svg("text", { x: frame.left - 6, y: y + 4, "text-anchor": "end", class: "tick" }, show(tick))];
  });
  const name = svg("text", { x: 4, y: frame.top - 10, class: "axis" }, title);
  return svg("g", {}, parts.flat(), name);
}

/** A tick's time, without digits that say nothing. */
function tickTime(ns) {
  return time(ns).replace(/(\.\d*?)0+ /, "$1 ").replace(/\. /, " ");
}

/** Places for labels that want to be at `at` and are `height` high: moved apart, order kept. */
function apart(wanted, height, low, high) {
  const order = wanted.map((at, place) => ({ at, place })).sort((a, b) => a.at - b.at);
  let next = low;
  for (const item of order) { item.at = Math.max(item.at, next); next = item.at + height; }
  let last = high;
  for (const item of order.reverse()) { item.at = Math.min(item.at, last); last = item.at - height; }
  const places = [];
  for (const item of order) places[item.place] = item.at;
  return places;
}

/** About how wide a text of the charts is. */
function textWidth(text) {
  return 6.8 * text.length;
}
