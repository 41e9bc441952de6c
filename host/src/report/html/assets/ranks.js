// Who is best: at equal isolation, within a league, of what passes the filter. As `report/ranking.rs` has it of a
// whole run.

/**
 * Gives each cell that passes the filter its `ratio` to the best and, where the run can tell cells apart, its `rank`, "best"
 * or "tie", and the adjusted p-value of its difference from the best.
 */
function rank() {
  const groups = new Map();
  const among = (cell) => [cell.message.place, cell.task.place, cell.transport.isolation, cell.codec.league].join();
  for (const cell of page.run.cells) {
    cell.rank = cell.ratio = cell.p = undefined;
    if (cell.latency && cell.codec.league !== null && passes(cell)) groups.set(among(cell), [...(groups.get(among(cell)) ?? []), cell]);
  }
  for (const cells of groups.values()) rankGroup(cells);
}

function rankGroup(cells) {
  const best = cells.reduce((first, cell) => (cell.latency[0] < first.latency[0] ? cell : first));
  for (const cell of cells) cell.ratio = cell.latency[0] / best.latency[0];
  if (!page.run.tells) return;
  best.rank = "best";
  const others = cells.filter((cell) => cell !== best);
  comparedWith(best, others).forEach((difference, place) => {
    if (!difference) return;
    others[place].p = difference.p;
    if (difference.p > ALPHA || difference.mean < 0) others[place].rank = "tie";
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
