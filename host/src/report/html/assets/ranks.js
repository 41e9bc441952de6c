// Who is best: at equal isolation, within a league, of what passes the filter. As `report/ranking.rs` has it of a
// whole run.

/**
 * Gives each cell that passes the filter its `ratio` to the best and, where the run can tell cells apart, its `rank`, "best"
 * or "tie", and the adjusted p-value of its difference from the best.
 */
function rank() {
  for (const cell of page.run.cells) cell.rank = cell.ratio = cell.p = undefined;
  const ranked = page.run.cells.filter((cell) => cell.latency && cell.codec.league !== null && passes(cell));
  for (const cells of grouped(ranked, (cell) => [cell.message.place, cell.task.place])) rankTable(cells);
}

/** Lists of the cells that agree in what `of` makes of them. */
function grouped(cells, of) {
  const groups = new Map();
  for (const cell of cells) groups.set(of(cell).join(), [...(groups.get(of(cell).join()) ?? []), cell]);
  return [...groups.values()];
}

/** Ranks the cells of one message and task: each beside the best of its isolation class and league, compared all at once. */
function rankTable(table) {
  const pairs = [];
  for (const cells of grouped(table, (cell) => [cell.transport.isolation, cell.codec.league])) {
    // Of one reading nobody knows how it scatters: such a cell is the best only where there is no other.
    const known = cells.filter((cell) => (cell.logs ?? []).filter((log) => log !== null).length > 1);
    const best = (known.length ? known : cells).reduce((first, cell) => (cell.latency[0] < first.latency[0] ? cell : first));
    for (const cell of cells) cell.ratio = cell.latency[0] / best.latency[0];
    if (page.run.tells) best.rank = "best";
    pairs.push(...cells.filter((cell) => cell !== best).map((cell) => [cell, best]));
  }
  if (!page.run.tells) return;
  comparedPairs(pairs).forEach((difference, place) => {
    const [cell] = pairs[place];
    cell.p = difference?.p;
    // What is not told apart is a tie, also where the two share too few rounds to tell.
    if (!difference || difference.p > ALPHA || difference.mean < 0) cell.rank = "tie";
  });
}

/** Best, tie, or nothing, as a mark. */
function rankMark(cell) {
  return cell.rank === "best" ? "★" : cell.rank === "tie" ? "≈" : "";
}

/** Whether the filter leaves codecs out, so that the best is not that of the run. */
function leavesOut() {
  return page.run.codecs.some((codec) => !codec.floor && !passesCodec(codec));
}

/** What the marks mean; nothing where there are none. */
function marksText() {
  if (!page.run.tells) return "";
  const whom = leavesOut() ? "its isolation class among the codecs that pass the filter" : "its isolation class";
  return `★ the best of ${whom}, ≈ what is not told apart from it: compared round by round, Holm's adjusted p above 5 %.`;
}
