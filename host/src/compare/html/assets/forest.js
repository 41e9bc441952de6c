// Ratios with their intervals, a row each: a forest plot, with a band for what counts as the same.

/** Rows `{ label, group, ratio, low, high, look, mark, title }` on a logarithmic axis. */
function forest(rows, width, label) {
  const limit = 1 + page.comparison.threshold;
  const range = ratioRange(rows, 1 / limit, limit);
  return pieces(rows).map((piece) => {
    const frame = barFrame(piece, width, 40, rows);
    frame.right = width - 78;
    const x = scale(...range, frame.left, frame.right, true);
    const drawn = barRows(frame, piece, (row, y) => svg("g", {}, svg("title", {}, row.title), reach(row, x, y),
      marker(row.look, x.place(row.ratio), y),
      svg("text", { x: frame.right + 10, y: y + 4, class: "value" }, `${ratio(row.ratio)} ${row.mark}`)));
    const ticks = ratioTicks(x, Math.max(3, (frame.right - frame.left) / 60));
    return picture(width, frame.height, label, threshold(frame, x, limit),
      axisBelow(frame, x, ticks, tickRatio, "new / old; lines: 95 % intervals"), unchanged(frame, x), drawn);
  });
}

/** The band of what counts as the same. */
function threshold(frame, x, limit) {
  const [from, to] = [x.place(1 / limit), x.place(limit)];
  return svg("rect", { x: from, y: frame.top, width: to - from, height: frame.bottom - frame.top, class: "band" });
}
