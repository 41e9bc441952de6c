// The sections that are tables: exact figures, every cell, what one run lacks, the two runs, the machine; and what to do next.

/** Names of cells that may break after a comma. */
function broken({ cells }) {
  return cells.split(/(?<=,)/).flatMap((part) => [part, el("wbr")]);
}

function exactSection(body) {
  const { exact } = page.comparison;
  body.append(el("p", {}, `${count(exact.grew)} grew, ${count(exact.shrank)} shrank of ${count(exact.compared)} compared. Any difference is one: these are counted, not timed.`));
  const rows = exact.changes.flatMap(({ cells, figures }) => figures.map(([figure, old, now]) => ({ cells, figure, old, now })));
  if (rows.length === 0) return () => {};
  const exactly = (value) => (Number.isInteger(value) ? count(value) : String(value));
  const change = (row) => (row.old === 0 ? null : (row.now - row.old) / row.old);
  const inside = table("exact", "Exact figures that changed, per message; cells that share a change are one row", [
    { key: "cells", title: "cells", header: true, number: false, prose: true, value: (row) => row.cells, show: broken },
    { key: "figure", title: "figure", number: false, value: (row) => row.figure },
    { key: "way", title: "way", number: false, value: (row) => (row.now > row.old ? "grew" : "shrank") },
    { key: "old", title: "old", value: (row) => row.old, show: (row) => exactly(row.old) },
    { key: "new", title: "new", value: (row) => row.now, show: (row) => exactly(row.now) },
    { key: "change", title: "change", value: change, show: (row) => (row.old === 0 ? "from nothing" : percent(change(row), 3)) }], { limit: 50 });
  body.append(inside.element);
  inside.update(rows);
  return () => {};
}

function everySection(body) {
  const inside = table("cells", "Every cell that passes the filter", [...NAME_COLUMNS, ...TIME_COLUMNS, ...ROUNDS_COLUMNS, ...RATIO_COLUMNS, ABSOLUTE_COLUMN,
    { key: "p", title: "p", sub: "Holm", value: (cell) => cell.p_holm ?? null, show: (cell) => cell.p_holm?.toPrecision(2) ?? "" },
    VERDICT_COLUMN], { limit: 50, empty: "No cell passes the filter." });
  body.append(el("p", { class: "legend-text" }, `New/old is ${page.comparison.relative}; absolute is the ratio of the two times.`), inside.element);
  return () => inside.update(shownCells());
}

function missingSection(body) {
  const { only_old: old, only_new: now, hosts_only_old: oldHosts, hosts_only_new: newHosts } = page.comparison;
  const hosts = [...oldHosts.map((one) => ({ ...one, by: "old" })), ...newHosts.map((one) => ({ ...one, by: "new" }))];
  const cells = [...old.map((one) => ({ ...one, by: "old" })), ...now.map((one) => ({ ...one, by: "new" }))];
  const all = cells.length + hosts.reduce((sum, { cells }) => sum + cells, 0);
  const rows = [...hosts.map(({ host, cells, by }) => ({ by, cell: `${count(cells)} on the host ${host}`, reason: "the other run has no cells on it" })), ...cells];
  return fixed(body, "missing", `${count(all)} cells that one run measured and the other did not`, [
    { key: "by", title: "measured by", number: false, value: (one) => `the ${one.by} run` },
    { key: "cell", title: "cell", header: true, number: false, value: (one) => one.cell },
    { key: "reason", title: "why not by the other", number: false, prose: true, value: (one) => one.reason }],
  rows, "Both runs measured the same cells.");
}

function runsSection(body) {
  const { comparison } = page;
  const sides = [{ ...comparison.old, name: "old" }, { ...comparison.new, name: "new" }];
  fixed(body, "runs", "What is compared", [
    { key: "name", title: "run", header: true, number: false, value: (side) => side.name },
    { key: "id", title: "name", number: false, value: (side) => side.run_id },
    { key: "started", title: "began", number: false, value: (side) => side.started },
    { key: "revision", title: "revision", number: false, value: (side) => side.git_revision, show: (side) => el("code", {}, side.git_revision) },
    { key: "command", title: "made by", number: false, value: (side) => side.command_line, show: (side) => el("code", {}, side.command_line) },
    { key: "cells", title: "cells", value: (side) => side.cells }], sides, "");
  const lines = [["machine", comparison.judged ? comparison.machine : "not the same, or not known"],
    ["threshold", comparison.threshold_text], ["new/old is", comparison.relative],
    ["false alarms", `the probability of any among all cells is at most ${percent(comparison.alpha, 0).replace("+", "")} (Holm)`],
    ...(comparison.filter === null ? [] : [["filter", comparison.filter]])];
  body.append(el("dl", {}, lines.flatMap(([label, text]) => [el("dt", {}, label), el("dd", {}, text)])));
  return () => {};
}

/** What the calibrations say. */
function machineSection(body) {
  const { calibrations, whole } = page.comparison;
  body.append(el("p", {}, `${capitalised(whole)}. Calibrations are native work that no guest and no transport has a part in; their interval covers each one's error and how far they lie apart.`));
  return fixed(body, "calibrations", "Calibrations", [
    { key: "name", title: "native work", header: true, number: false, value: (one) => one.name },
    ...RATIO_COLUMNS, ...ROUNDS_COLUMNS], calibrations.each, "");
}

/** Commands that can be typed as they stand. */
function nextSection(body) {
  body.append(el("dl", {}, page.comparison.next.flatMap(([what, command]) => [el("dt", {}, what), el("dd", {}, el("code", {}, command))])));
  return () => {};
}
