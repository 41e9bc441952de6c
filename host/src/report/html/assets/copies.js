// Latency against what is counted: copies, bytes moved, instructions, allocations.

const COUNTED = [
  { value: "copies", text: "copies of the payload", exact: true, whole: true, show: count, of: (cell) => cell.exact?.copies },
  { value: "moved", text: "bytes read and written", exact: true, logarithmic: true, show: size, of: (cell) => cell.exact?.moved },
  { value: "instructions", text: "WebAssembly instructions", exact: true, logarithmic: true, show: count, of: (cell) => sum(cell.exact?.instructions) },
  { value: "allocations", text: "allocations", exact: true, show: count, of: (cell) => sum(cell.exact?.allocations) },
  { value: "transport-copies", text: "copies that the transport makes", whole: true, show: count, of: (cell) => cell.copies },
  { value: "wire", text: "bytes on the wire", logarithmic: true, show: size, of: (cell) => cell.wire },
  { value: "crossings", text: "crossings", whole: true, show: count, of: (cell) => sum(cell.crossings) },
];

function sum(parts) {
  return parts && parts.every((part) => part !== null) ? parts.reduce((all, part) => all + part, 0) : undefined;
}

/** What the run has counted. */
function counted() {
  return COUNTED.filter((one) => page.run.cells.some((cell) => typeof one.of(cell) === "number"));
}

function copiesSection(body) {
  const choices = counted();
  if (choices.length === 0) {
    body.append(nothing("This run counted nothing."));
    return () => {};
  }
  const host = chart();
  const column = (one) => ({ key: one.value, title: one.text, value: (cell) => one.of(cell) ?? null, show: (cell) => (typeof one.of(cell) === "number" ? count(one.of(cell)) : "") });
  const places = { key: "found", title: "where the payload newly exists", number: false, prose: true,
    value: (cell) => cell.exact?.found?.map(([place, times]) => `${place}: ${count(times)}`).join(", ") ?? null };
  const why = { key: "reason", title: "why not", number: false, prose: true, value: (cell) => page.run.reasons[cell.exact?.copies_unknown] ?? missing(page.run, cell) };
  const exact = choices.some((one) => one.exact);
  const behind = tableBehind("counted", "what is counted", [...CELL_COLUMNS, LATENCY_COLUMNS[0], ...choices.map(column), ...(exact ? [places] : []), why]);
  const about = exact ? "Counted, not timed: the same on every run. Points that share a place stand side by side."
    : "This run has no exact figures; what the transport copies and crosses was counted when the cells were verified. Points that share a place stand side by side.";
  body.append(el("p", { class: "legend-text" }, about), el("div", { class: "row" }, select("count", "Against", () => choices)), host.element, behind.element);
  return () => {
    const axis = choices.find((one) => one.value === state.get("count")) ?? choices[0];
    const cells = shownCells().sort(byRank);
    host.update((width) => copiesChart(cells, axis, width));
    behind.update(() => cells);
  };
}

function copiesChart(cells, axis, width) {
  if (cells.length === 0) return [noCells()];
  const has = (cell) => cell.latency && typeof axis.of(cell) === "number";
  const series = page.run.transports.map((transport) => ({
    name: `${transport.name} (${transport.isolation})`,
    look: transportLook(transport),
    lines: false,
    points: cells.filter((cell) => cell.transport === transport && has(cell)).map((cell) => (
      { x: axis.of(cell), y: cell.latency[0], label: codecName(cell.codec), title: `${pairName(cell)}: ${time(cell.latency[0])}, ${count(axis.of(cell))} ${axis.text}` })),
  })).filter((one) => one.points.length > 0);
  const drawn = series.length > 0 ? [legend(series), scatter(series, { ...axis, title: axis.text }, width, `Latency against ${axis.text}`)] : [];
  return [...drawn, ...leftOut(cells, has, `latency or number of ${axis.text}`)];
}
