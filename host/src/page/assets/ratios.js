// Axes and intervals of charts of ratios: logarithmic, with a line at 1.

/** The range of an axis: all ratios and what must be seen beside them, and intervals as far as they leave room for the others. */
function ratioRange(rows, least, most) {
  const ratios = rows.map((row) => row.ratio);
  const [low, high] = [Math.min(least, ...ratios), Math.max(most, ...ratios)];
  const room = (high / low) ** 0.5;
  const [from, to] = [Math.min(low, ...rows.map((row) => row.low)), Math.max(high, ...rows.map((row) => row.high))];
  return [Math.max(from, low / room) / 1.01, Math.min(to, high * room) * 1.01];
}

/** The line at 1. */
function unchanged(frame, x) {
  return svg("path", { d: `M${x.place(1)} ${frame.top}V${frame.bottom}`, class: "one" });
}

/** An interval; an arrow where it goes on beyond the axis. */
function reach({ low, high }, x, y) {
  const end = (value, inside, edge, outward) => (inside ? { at: x.place(value), head: `M${x.place(value)} ${y - 4}V${y + 4}` }
    : { at: edge, head: `M${edge - 5 * outward} ${y - 4}L${edge} ${y}L${edge - 5 * outward} ${y + 4}` });
  const from = end(low, low >= x.from, x.place(x.from), -1);
  const to = end(high, high <= x.to, x.place(x.to), 1);
  return svg("path", { d: `M${from.at} ${y}H${to.at}${from.head}${to.head}`, class: "whisker" });
}

/** Ticks of a scale of ratios: round ones, also where it is narrow. */
function ratioTicks(scale, most) {
  if (scale.to / scale.from > 3) return logTicks(scale, most);
  const step = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((step) => (scale.to - scale.from) / step < most) ?? 1;
  const first = Math.ceil(scale.from / step);
  return Array.from({ length: Math.floor(scale.to / step) - first + 1 }, (_, at) => (first + at) * step);
}

/** A tick's ratio, without digits that say nothing. */
function tickRatio(ratio) {
  return ratio.toFixed(3).replace(/\.?0+$/, "");
}
