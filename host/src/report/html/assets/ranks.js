// Who is best: at equal isolation, within a league, of what passes the filter. As `report/ranking.rs` has it of a
// whole run.

/** Gives each cell that passes the filter its `rank`, "best" or "tie", and its `ratio` to the best. */
function rank() {
  const best = new Map();
  const among = (cell) => [cell.message.place, cell.task.place, cell.transport.isolation, cell.codec.league].join();
  const ranked = page.run.cells.filter((cell) => cell.latency && cell.codec.league !== null && passes(cell));
  for (const cell of ranked) {
    const other = best.get(among(cell));
    if (!other || cell.latency[0] < other.latency[0]) best.set(among(cell), cell);
  }
  for (const cell of page.run.cells) cell.rank = cell.ratio = undefined;
  for (const cell of ranked) {
    const first = best.get(among(cell));
    cell.ratio = cell.latency[0] / first.latency[0];
    cell.rank = cell === first ? "best" : overlap(cell, first) ? "tie" : undefined;
  }
}

/** Whether two cells are not to be told apart: whether their intervals overlap. */
function overlap({ latency: [, low, high] }, { latency: [, otherLow, otherHigh] }) {
  return low <= otherHigh && otherLow <= high;
}

/** Best, tie, or nothing, as a mark. */
function rankMark(cell) {
  return cell.rank === "best" ? "★" : cell.rank === "tie" ? "≈" : "";
}

/** Whether the filter leaves codecs out, so that the best is not that of the run. */
function leavesOut() {
  return page.run.codecs.some((codec) => !codec.floor && !passesCodec(codec));
}

/** Whom the best is the best of, in words. */
function bestOf() {
  return leavesOut() ? "the best of its isolation class among the codecs that pass the filter" : "the best of its isolation class";
}
