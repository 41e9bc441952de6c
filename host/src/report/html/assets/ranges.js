// Distributions: a line from the fastest to the slowest with a marker for each quantile.

const QUANTILES = [
  { name: "half (p50)", marker: "circle" },
  { name: "9 in 10 (p90)", marker: "square" },
  { name: "99 in 100 (p99)", marker: "triangle" },
  { name: "999 in 1 000 (p99.9)", marker: "diamond" },
  { name: "the slowest", marker: "cross" },
  { name: "the first message", marker: "plus" },
];

/** The look of a quantile: of one colour, told apart by the marker. */
function quantileLook(place) {
  const colours = page.colours.series;
  return { colour: colours[place === 5 ? 1 : 0], marker: QUANTILES[place].marker, dash: "" };
}

/** Rows `{ label, group, quantiles: [five times] or null, first: time or null, title }`, logarithmic. */
function ranges(rows, width, label) {
  const values = rows.flatMap((row) => [...(row.quantiles ?? []), ...(row.first ? [row.first] : [])]);
  const range = logRange(values);
  return pieces(rows).map((piece) => {
    const frame = barFrame(piece, width, 40, rows);
    frame.right = width - 24;
    const x = scale(...range, frame.left, frame.right, true);
    const drawn = barRows(frame, piece, (row, y) => svg("g", {}, svg("title", {}, row.title), distribution(row, x, y)));
    const ticks = logTicks(x, Math.max(3, (frame.right - frame.left) / 70));
    return picture(width, frame.height, label, axisBelow(frame, x, ticks, tickTime, "time of a single message"), drawn);
  });
}

function distribution(row, x, y) {
  const all = (row.quantiles ?? []).filter((value) => value > 0);
  const line = all.length > 1 ? svg("path", { d: `M${x.place(all[0])} ${y}H${x.place(all[all.length - 1])}`, class: "range" }) : null;
  const marks = (row.quantiles ?? []).map((value, place) => (value > 0 ? marker(quantileLook(place), x.place(value), y) : null));
  const first = row.first > 0 ? marker(quantileLook(5), x.place(row.first), y) : null;
  return [line, ...marks, first].filter((part) => part !== null);
}

/** Which marker is which quantile. */
function quantileLegend() {
  return legend(QUANTILES.map((quantile, place) => ({ name: quantile.name, look: quantileLook(place), lines: false })));
}
