// Charts of rows: horizontal, a row each, in groups.

const ROW = 22;

/** The most rows of one picture. */
const PIECE = 30;

/** Rows in pieces of about the same length: a picture for each, so that an axis is in sight and a sheet has room. */
function pieces(rows) {
  const most = Math.ceil(rows.length / Math.ceil(rows.length / PIECE));
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, place) => rows.slice(place * most, (place + 1) * most));
}

/** Where rows, labels and values of a chart go; `all` are the rows of all its pieces. */
function barFrame(rows, width, below, all) {
  const longest = Math.max(...all.map((row) => textWidth(row.label)));
  // A name that would leave too little to what is drawn stands above it, as all do where there is little room.
  const narrow = width < 560 || longest + 22 > width * 0.4;
  const groups = new Set(rows.map((row) => row.group)).size;
  const height = rows.length * (narrow ? ROW + 16 : ROW) + groups * 24;
  const left = narrow ? 4 : longest + 22;
  return { narrow, left, right: width - 118, top: 4, bottom: 4 + height, height: height + 4 + below, width };
}

/** Goes through rows and their groups; `draw(row, y)` draws one at its middle. */
function barRows(frame, rows, draw) {
  const parts = [];
  let y = frame.top;
  let group = null;
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      parts.push(svg("text", { x: 4, y: y + 17, class: "group" }, group));
      y += 24;
    }
    if (frame.narrow) y += 16;
    const label = frame.narrow
      ? svg("text", { x: 4, y: y - 2, class: "label over" }, row.label)
      : svg("text", { x: frame.left - 8, y: y + 15, "text-anchor": "end", class: "label" }, row.label);
    parts.push(label, draw(row, y + ROW / 2));
    y += ROW;
  }
  return parts;
}

/** An interval as a line with ends. */
function whisker(from, to, y) {
  return svg("path", { d: `M${from} ${y}H${to}M${from} ${y - 4}V${y + 4}M${to} ${y - 4}V${y + 4}`, class: "whisker" });
}
