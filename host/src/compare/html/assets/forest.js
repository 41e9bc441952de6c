// Ratios with their intervals, a row each: a forest plot, with a band for what counts as the same.

/** Rows `{ label, group, ratio, low, high, look, mark, title }` on a logarithmic axis. */
function forest(rows, width, label) {
  const limit = 1 + page.comparison.threshold;
  const range = ratioRange(rows, limit);
  return pieces(rows).map((piece) => {
    const frame = barFrame(piece, width, 40, rows);
    frame.right = width - 78;
    const x = scale(...range, frame.left, frame.right, true);
    const drawn = barRows(frame, piece, (row, y) => svg("g", {}, svg("title", {}, row.title), reach(row, x, y),
      marker(row.look, x.place(row.ratio), y),
      svg("text", { x: frame.right + 10, y: y + 4, class: "value" }, `${ratio(row.ratio)} ${row.mark}`)));
    const ticks = ratioTicks(x, Math.max(3, (frame.right - frame.left) / 60));
    const show = (tick) => tick.toFixed(3).replace(/\.?0+$/, "");
    return picture(width, frame.height, label, threshold(frame, x, limit),
      axisBelow(frame, x, ticks, show, "new / old; lines: 95 % intervals"), unchanged(frame, x), drawn);
  });
}

/** The band of what counts as the same. */
function threshold(frame, x, limit) {
  const [from, to] = [x.place(1 / limit), x.place(limit)];
  return svg("rect", { x: from, y: frame.top, width: to - from, height: frame.bottom - frame.top, class: "band" });
}

function unchanged(frame, x) {
  return svg("path", { d: `M${x.place(1)} ${frame.top}V${frame.bottom}`, class: "one" });
}

/** The range of an axis: all ratios and the band, and intervals as far as they leave room for the others. */
function ratioRange(rows, limit) {
  const ratios = rows.map((row) => row.ratio);
  const [low, high] = [Math.min(1 / limit, ...ratios), Math.max(limit, ...ratios)];
  const room = (high / low) ** 0.5;
  const [from, to] = [Math.min(low, ...rows.map((row) => row.low)), Math.max(high, ...rows.map((row) => row.high))];
  return [Math.max(from, low / room) / 1.01, Math.min(to, high * room) * 1.01];
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
