// The sections of one message and task: latency with intervals, and what the time is spent on.

/** The group of a cell in charts: what it is ranked with. */
function groupName(cell) {
  const league = leagueName(cell.codec);
  return `isolation ${cell.transport.isolation}${league ? `, ${league}` : ""}`;
}

/** The look of a transport: the same in every chart. */
function transportLook(transport) {
  return look(transport.place);
}

/** Says how many cells a chart leaves out; the table has them with their reasons. */
function leftOut(cells, has, what) {
  const without = cells.filter((cell) => !has(cell)).length;
  return without > 0 ? [nothing(`${without} of ${cells.length} cells have no ${what}; the table says why.`)] : [];
}

function latencySection(body) {
  const host = chart();
  const behind = tableBehind("latency", "latency with 95 % intervals", [...CELL_COLUMNS, ...LATENCY_COLUMNS,
    ...RANK_COLUMNS, ...MADE_COLUMNS,
    { key: "reason", title: "why not", value: (cell) => missing(page.run, cell), number: false, prose: true }]);
  const about = el("p", { class: "legend-text" });
  body.append(about, host.element, behind.element);
  return () => {
    about.textContent = ["Sorted within each isolation class.", marksText(), "The colour is the transport's."].filter((part) => part).join(" ");
    const cells = shownCells().sort(byRank);
    host.update((width) => latencyChart(cells, width));
    behind.update(() => cells);
  };
}

function latencyChart(cells, width) {
  const measured = cells.filter((cell) => cell.latency);
  if (cells.length === 0) return [noCells()];
  const rows = measured.map((cell) => {
    const [value, low, high] = cell.latency;
    const title = `${pairName(cell)}: ${cellText(cell)}`;
    return { label: pairName(cell), group: groupName(cell), value, low, high, mark: rankMark(cell), title, look: transportLook(cell.transport) };
  });
  const drawn = rows.length > 0 ? bars(rows, width, "Latency by codec and transport, with 95 % intervals") : [];
  return [...drawn, ...leftOut(cells, (cell) => cell.latency, "latency")];
}

function partsSection(body) {
  if (!page.run.cells.some((cell) => cell.parts)) {
    body.append(nothing("This run did not measure encoding, transport and reading apart from each other."));
    return () => {};
  }
  const part = ({ name }, place) => [timeColumn(name, name, (cell) => cell.parts?.[place]),
    timeColumn(`${name}-low`, "95 % from", (cell) => cell.part_ranges?.[place][0]),
    timeColumn(`${name}-high`, "to", (cell) => cell.part_ranges?.[place][1])];
  const host = chart();
  const behind = tableBehind("parts", "encode, transport, read", [...CELL_COLUMNS, ...PARTS.flatMap(part), LATENCY_COLUMNS[0],
    { key: "reason", title: "why not", value: (cell) => (cell.parts ? null : missing(page.run, cell) ?? "not measured in parts"), number: false, prose: true }]);
  body.append(el("p", { class: "legend-text" }, "The parts are measured apart from each other; the residual is what the whole takes beside their sum, and may be negative. ? where the parts do not explain the time: the residual is above 15 % of it and above 3 ns, either way."),
    partLegend(), host.element, behind.element);
  return () => {
    const cells = shownCells().sort(byRank);
    host.update((width) => partsChart(cells, width));
    behind.update(() => cells);
  };
}

/** The interval of a part, in words. */
function partRange({ part_ranges: ranges }, place) {
  return ` from ${time(ranges[place][0])} to ${time(ranges[place][1])}`;
}

function partsChart(cells, width) {
  if (cells.length === 0) return [noCells()];
  const rows = cells.filter((cell) => cell.parts).map((cell) => {
    const parts = cell.parts.map((value, place) => `${PARTS[place].name} ${time(value)}${cell.part_ranges ? ` (${partRange(cell, place).trim()})` : ""}`).join(", ");
    return { label: pairName(cell), group: groupName(cell), parts: cell.parts, total: cell.latency?.[0] ?? null, mark: cell.unexplained ? " ?" : "", title: `${pairName(cell)}: ${parts}` };
  });
  const drawn = rows.length > 0 ? stacked(rows, width, "What the time of a message is spent on") : [];
  return [...drawn, ...leftOut(cells, (cell) => cell.parts, "parts")];
}
