// Bars with intervals, and bars in parts.

/** Rows `{ label, group, value, low, high, mark, title, look }` as bars from zero, with 95 % intervals; without `low` and `high` of one round. */
function bars(rows, width, label) {
  const end = (row) => row.high ?? row.value;
  const most = Math.max(...rows.map(end));
  return pieces(rows).map((piece) => {
    const frame = barFrame(piece, width, 40, rows);
    const x = scale(0, most * 1.02, frame.left, frame.right, false);
    const drawn = barRows(frame, piece, (row, y) => svg("g", {},
      svg("title", {}, row.title),
      svg("rect", { x: frame.left, y: y - 7, width: Math.max(1, x.place(row.value) - frame.left), height: 14, class: "bar", fill: row.look.colour }),
      row.low === undefined ? null : whisker(x.place(row.low), x.place(row.high), y),
      svg("text", { x: x.place(end(row)) + 7, y: y + 4, class: row.mark ? "value best" : "value" }, `${time(row.value)} ${row.low === undefined ? "(1 round)" : row.mark}`)));
    const ticks = linearTicks(x, Math.max(2, (frame.right - frame.left) / 90));
    return picture(width, frame.height, label, axisBelow(frame, x, ticks, tickTime, "time of a message; lines: 95 % intervals"), drawn);
  });
}

/** The parts of a bar, dark to light, with the hatch of what is left over. */
const PARTS = [
  { name: "encode", class: "part-0" },
  { name: "transport", class: "part-1" },
  { name: "read", class: "part-2" },
  { name: "residual", class: "part-3" },
];

/** Rows `{ label, group, parts, total, mark, title }` as bars in parts; a line marks what was measured in all. */
function stacked(rows, width, label) {
  const sums = rows.map((row) => row.parts.reduce((sum, part) => sum + Math.max(0, part), 0));
  const most = Math.max(...sums, ...rows.map((row) => row.total ?? 0));
  return pieces(rows).map((piece) => {
    const frame = barFrame(piece, width, 40, rows);
    const x = scale(0, most * 1.02, frame.left, frame.right, false);
    const drawn = barRows(frame, piece, (row, y) => svg("g", {}, svg("title", {}, row.title), stack(row, x, y)));
    const ticks = linearTicks(x, Math.max(2, (frame.right - frame.left) / 90));
    const title = "time of a message; the line: measured as a whole";
    return picture(width, frame.height, label, axisBelow(frame, x, ticks, tickTime, title), drawn);
  });
}

function stack(row, x, y) {
  let from = 0;
  const pieces = [];
  row.parts.forEach((part, place) => {
    if (!(part > 0)) return;
    const [start, end] = [x.place(from), x.place(from + part)];
    from += part;
    pieces.push(svg("rect", { x: start, y: y - 8, width: Math.max(0.5, end - start), height: 16, class: PARTS[place].class }));
    const name = [`${PARTS[place].name} ${time(part)}`, PARTS[place].name].find((text) => textWidth(text) + 6 < end - start);
    if (name) pieces.push(svg("text", { x: (start + end) / 2, y: y + 4, "text-anchor": "middle", class: `in ${PARTS[place].class}` }, name));
  });
  const end = x.place(Math.max(from, row.total ?? 0));
  if (row.total !== null) pieces.push(svg("path", { d: `M${x.place(row.total)} ${y - 10}V${y + 10}`, class: "total" }));
  const left = row.parts[3] < 0 ? ` (residual ${time(row.parts[3])})` : "";
  pieces.push(svg("text", { x: end + 7, y: y + 4, class: "value" }, `${row.total === null ? "" : time(row.total)}${left}${row.mark}`));
  return pieces;
}

/** What the parts are. */
function partLegend() {
  return el("ul", { class: "legend" }, PARTS.map((part) => el("li", {},
    svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, svg("rect", { width: 22, height: 14, class: part.class })), ` ${part.name}`)));
}
