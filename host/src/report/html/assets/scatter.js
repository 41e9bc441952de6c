// Points: latency against something counted.

/** Series `{ name, look, points: [{ x, y, label, title }] }`; `axis`: `{ title, show, logarithmic }`. */
function scatter(series, axis, width, label) {
  const points = series.flatMap((one) => one.points);
  const frame = { left: 58, right: width - 24, top: 28, bottom: Math.min(440, Math.max(300, width * 0.5)) };
  const counts = points.map((point) => point.x);
  const logarithmic = axis.logarithmic && counts.every((count) => count > 0);
  const most = Math.max(...counts, 1);
  const across = logarithmic ? logRange(counts) : [-0.05 * most, 1.12 * most];
  const x = scale(...across, frame.left, frame.right, logarithmic);
  const y = scale(...logRange(points.map((point) => point.y)), frame.bottom, frame.top, true);
  const ticks = Math.max(2, width / 110);
  const powers = axis.show === size ? byteTicks(x, ticks) : [];
  const xTicks = powers.length > 1 ? powers : logarithmic ? logTicks(x, ticks) : linearTicks(x, ticks).filter((tick) => !axis.whole || tick % 1 === 0);
  // Within one power of two the ticks are round numbers of bytes.
  const show = axis.show === size && powers.length < 2 ? bytes : axis.show;
  const placed = spread(series, x, y);
  return picture(width, frame.bottom + 44, label,
    axisBelow(frame, x, xTicks, show, axis.title),
    axisBeside(frame, y, logTicks(y, 9), tickTime, "time of a message"),
    placed.map(({ look, x, y, title }) => marker(look, x, y, title)),
    pointNames(placed, frame));
}

/** The places of points: series that share a place stand side by side. */
function spread(series, x, y) {
  const placed = series.flatMap((one) => one.points.map((point) => ({ ...point, look: one.look, x: x.place(point.x), y: y.place(point.y) })));
  const taken = [];
  for (const point of placed) {
    while (taken.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < 9)) point.x += 9;
    taken.push(point);
  }
  return placed;
}

/** Names beside points, as many as do not cover each other; the table has all. */
function pointNames(placed, frame) {
  const boxes = placed.map((point) => ({ left: point.x - 6, right: point.x + 6, y: point.y }));
  const names = [];
  for (const point of placed) {
    const wide = textWidth(point.label);
    const sides = [{ left: point.x + 9, anchor: "start" }, { left: point.x - 9 - wide, anchor: "end" }];
    const side = sides.find(({ left }) => left > frame.left && left + wide < frame.right + 20
      && !boxes.some((box) => Math.abs(box.y - point.y) < 11 && box.left < left + wide && left < box.right));
    if (!side) continue;
    boxes.push({ left: side.left, right: side.left + wide, y: point.y });
    names.push(svg("text", { x: side.anchor === "start" ? side.left : side.left + wide, y: point.y + 4, "text-anchor": side.anchor, class: "label" }, point.label));
  }
  return names;
}
