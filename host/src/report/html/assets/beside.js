// Other hosts beside weft's own: ratios with intervals, a row per host, in groups by codec.

/** Rows `{ label, group, ratio, low, high, sure, title, mark }` on a logarithmic axis with a line at 1; `sure` of those with an interval. */
function beside(rows, width, label) {
  const range = ratioRange(rows, 0.95, 1.05);
  return piecesOfGroups(rows).map((piece) => {
    const frame = barFrame(piece, width, 40, rows);
    frame.right = width - 78;
    const x = scale(...range, frame.left, frame.right, true);
    const drawn = barRows(frame, piece, (row, y) => svg("g", {}, svg("title", {}, row.title), row.sure ? reach(row, x, y) : null,
      marker(besideLook(row), x.place(row.ratio), y),
      svg("text", { x: frame.right + 10, y: y + 4, class: "value" }, `${factor(row.ratio)} ${row.mark}`)));
    const ticks = ratioTicks(x, Math.max(3, (frame.right - frame.left) / 60));
    return picture(width, frame.height, label,
      axisBelow(frame, x, ticks, tickRatio, "time ÷ that on weft's own host; lines: 95 % intervals"), unchanged(frame, x), drawn);
  });
}

/** Rows in pieces that keep groups whole. */
function piecesOfGroups(rows) {
  const groups = [...new Set(rows.map((row) => row.group))].map((group) => rows.filter((row) => row.group === group));
  const found = [];
  for (const group of groups) {
    const last = found[found.length - 1];
    if (last && last.length + group.length <= PIECE) last.push(...group);
    else found.push([...group]);
  }
  return found;
}

/** Slower, faster, or not to be told apart: by marker and colour. */
function besideLook({ low, high, sure }) {
  const [blue, orange] = page.colours.series;
  const [colour, marker] = !sure ? ["var(--soft)", "circle"] : low > 1 ? [orange, "triangle"] : high < 1 ? [blue, "down"] : ["var(--soft)", "circle"];
  return { colour, marker, dash: "" };
}
