// How single messages are distributed, and the first one.

function tailsSection(body) {
  const { run } = page;
  const some = (has) => run.cells.some(has);
  if (!some((cell) => cell.tail || cell.first)) {
    const reasons = [...new Set(run.cells.map((cell) => cell.tailReason).filter((reason) => reason))];
    body.append(nothing(`This run timed no single messages.${reasons.length > 0 ? ` ${reasons.join("; ")}.` : ""}`));
    return () => {};
  }
  const host = chart();
  const quantile = (place, key, title) => timeColumn(key, title, (cell) => cell.tail?.[place]);
  const behind = tableBehind("tails", "single messages", [...CELL_COLUMNS,
    quantile(0, "p50", "p50"), quantile(1, "p90", "p90"), quantile(2, "p99", "p99"), quantile(3, "p999", "p99.9"), quantile(4, "max", "slowest"),
    { key: "samples", title: "messages", value: (cell) => cell.tail_samples ?? null, show: (cell) => (cell.tail_samples ? count(cell.tail_samples) : "") },
    timeColumn("first", "the first", (cell) => cell.first),
    { key: "reason", title: "why no tail", number: false, prose: true, value: whyNoTail }]);
  const clock = run.run.clock_ns === undefined ? "" : ` Each includes a reading of the clock, ${time(run.run.clock_ns)}.`;
  body.append(el("p", { class: "legend-text" }, `Single messages, timed one by one, on a logarithmic axis.${clock} The first message comes after set-up, before anything is warm.`),
    quantileLegend(), host.element, behind.element);
  return () => {
    const cells = shownCells().sort(byRank);
    host.update((width) => tailsChart(cells, width));
    behind.update(() => cells);
  };
}

function whyNoTail(cell) {
  return cell.tail ? null : cell.tailReason ?? missing(page.run, cell) ?? "no reason was recorded";
}

function tailsChart(cells, width) {
  if (cells.length === 0) return [noCells()];
  const rows = cells.filter((cell) => cell.tail || cell.first).map((cell) => {
    const all = (cell.tail ?? []).map((value, place) => `${QUANTILES[place].name} ${time(value)}`);
    const first = cell.first ? [`the first message ${time(cell.first)}`] : [];
    return { label: pairName(cell), group: groupName(cell), quantiles: cell.tail ?? null, first: cell.first ?? null, title: `${pairName(cell)}: ${[...all, ...first].join(", ")}` };
  });
  const without = cells.filter((cell) => !cell.tail);
  const why = [...new Set(without.map(whyNoTail))].map((reason) => nothing(`${without.filter((cell) => whyNoTail(cell) === reason).length} cells without a tail: ${reason}`));
  const drawn = rows.length > 0 ? ranges(rows, width, "Distribution of single messages, and the first") : [];
  return [...drawn, ...why];
}
