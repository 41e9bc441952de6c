// The sections that the filter does not change: boundary, limits, codecs, environment; and those of cells that
// are tables only.

/** The interval of a time, and what it is made of. */
const INTERVAL_COLUMNS = [...intervalColumns((row) => [row.ns, row.low, row.high]), ...MADE_COLUMNS];

const yes = (value) => (value === null ? "unknown" : value ? "yes" : "no");

function boundarySection(body) {
  return fixed(body, "boundary", "What crossing a boundary costs", [
    { key: "name", title: "figure", value: (row) => row.name, header: true, number: false },
    { key: "what", title: "what", value: (row) => row.what, number: false, prose: true },
    timeColumn("ns", "time", (row) => row.ns), ...INTERVAL_COLUMNS], page.run.boundary, "This run has no boundary figures.");
}

function limitsSection(body) {
  return fixed(body, "limits", "What the harness itself must reach", [
    { key: "what", title: "figure", value: (row) => row.what, header: true, number: false },
    timeColumn("measured", "measured", (row) => row.measured),
    timeColumn("limit", "limit", (row) => row.limit),
    { key: "formula", title: "made of", value: (row) => row.formula, number: false, prose: true },
    { key: "ratio", title: "measured / limit", value: (row) => row.measured / row.limit,
      show: (row) => `${factor(row.measured / row.limit)}${row.measured > row.limit ? " over" : ""}` }],
  page.run.limits, "This run has none of the figures that limits are made of.");
}

function taskFloorSection(body) {
  return fixed(body, "task-floor", "What a task costs on plain values inside wasm, without codec or transport", [
    { key: "name", title: "message and task", value: (row) => row.name, header: true, number: false },
    timeColumn("ns", "time", (row) => row.ns), ...INTERVAL_COLUMNS], page.run.task_floor, "This run has no figures of the tasks alone.");
}

function codecsSection(body) {
  const trait = (key, title, show) => ({ key, title, number: false, prose: key === "about", value: (codec) => (codec.traits ? show(codec.traits) : null) });
  return fixed(body, "codecs", "Codecs and what they say about themselves", [
    { key: "codec", title: "codec", value: (codec) => codec.name, show: codecName, header: true, number: false },
    trait("about", "about", (traits) => traits.about), trait("library", "library", (traits) => traits.library), trait("release", "released", (traits) => traits.release),
    trait("schema", "schema", (traits) => yes(traits.schema)), trait("evolution", "skips unknown fields", (traits) => traits.evolution),
    trait("self-describing", "self-describing", (traits) => yes(traits.self_describing)), trait("encodes", "encodes", (traits) => yes(traits.encodes)),
    trait("in-place", "in place", (traits) => yes(traits.in_place)), trait("validates", "validates", (traits) => traits.validates),
    trait("utf8", "scan checks UTF-8", (traits) => yes(traits.scan_checks_utf8)),
    { key: "producer", title: "producer, B", value: (codec) => codec.traits?.wasm[0] ?? null, show: (codec) => (codec.traits ? count(codec.traits.wasm[0]) : "") },
    { key: "consumer", title: "consumer, B", value: (codec) => codec.traits?.wasm[1] ?? null, show: (codec) => (codec.traits ? count(codec.traits.wasm[1]) : "") }],
  page.run.codecs, "This run knows no codecs.");
}

function environmentSection(body) {
  const lines = page.run.environment.map(([label, text]) => [el("dt", {}, label), el("dd", {}, label === "command" ? el("code", {}, text) : text)]);
  body.append(el("dl", {}, lines.flat()));
  return () => {};
}

function missingSection(body) {
  const failed = page.run.failed ?? [];
  if (failed.length > 0) {
    fixed(body, "failed", "What failed beside whole cells", [
      { key: "what", title: "figure or cell", header: true, number: false, value: ([what]) => what },
      { key: "why", title: "why", number: false, prose: true, value: ([, why]) => why }], failed, "");
  }
  const cells = page.run.cells.filter((cell) => !cell.latency);
  return fixed(body, "missing", `${cells.length} cells without figures`, [
    { key: "message", title: "message", value: (cell) => cell.message.name, number: false },
    { key: "task", title: "task", value: (cell) => cell.task.name, number: false },
    ...CELL_COLUMNS,
    { key: "status", title: "status", value: (cell) => cell.status ?? "no figure", number: false },
    { key: "reason", title: "why", value: (cell) => cell.reason ?? (cell.status ? "no reason was recorded" : "verified, but the run has no latency of it"), number: false, prose: true }],
  cells, allMeasured(page.run));
}

function allMeasured(run) {
  if (run.cells.length === 0) return "This run has no cells.";
  return run.run.interrupted ? "Every cell that was reached was measured; this run was interrupted." : "Every cell of this run was measured.";
}

function everySection(body) {
  const inside = table("cells", "Every cell that passes the filter", [
    { key: "message", title: "message", value: (cell) => cell.message.name, number: false },
    { key: "task", title: "task", value: (cell) => cell.task.name, number: false },
    ...CELL_COLUMNS, ...LATENCY_COLUMNS,
    { key: "ratio", title: "to the best", value: (cell) => cell.ratio ?? null, show: (cell) => (cell.ratio ? factor(cell.ratio) : "") },
    ...RANK_COLUMNS,
    ABOVE_COLUMN,
    { key: "wire", title: "wire", value: (cell) => cell.wire ?? null, show: (cell) => (cell.wire ? bytes(cell.wire) : "") },
    { key: "copies", title: "transport copies", value: (cell) => cell.copies ?? null },
    { key: "crossings", title: "crossings", value: (cell) => sum(cell.crossings) ?? null }, ...MADE_COLUMNS], { limit: 50, empty: "No cell passes the filter." });
  body.append(inside.element);
  // The floor last: it has the most messages and says the least.
  const order = [...page.run.cells].sort((a, b) => a.codec.floor - b.codec.floor);
  return () => inside.update(order.filter(passes));
}
