// The ratios of cells and of their means, with intervals.

/** How many cells are drawn until more are asked for. */
const DRAWN = 60;

function ratiosSection(body) {
  const host = chart();
  const more = el("p", { class: "more" });
  const behind = tableBehind("ratio-cells", "ratios with 95 % intervals", [...NAME_COLUMNS, ...TIME_COLUMNS, ...ROUNDS_COLUMNS, ...RATIO_COLUMNS, VERDICT_COLUMN]);
  body.append(el("p", { class: "legend-text" }, `By verdict, the largest change first; ${page.comparison.relative}. An interval that crosses the upright line at 1 may be no change at all; the band is the threshold.`),
    host.element, more, behind.element);
  return () => {
    const rank = (cell) => VERDICTS.indexOf(cell.verdict);
    const cells = shownCells().sort((a, b) => rank(a) - rank(b) || byChange(a, b));
    const limit = limitOf("ratios", DRAWN);
    host.update((width) => (cells.length > 0 ? forest(cells.slice(0, limit).map(forestRow), width, "Ratios of cells with 95 % intervals") : [noCells()]));
    more.replaceChildren(...moreOf("ratios", cells.length, limit));
    behind.update(() => cells);
  };
}

function forestRow(cell) {
  const { ratio, low, high, verdict } = cell;
  const label = `${cell.message} ${cell.task} ${cell.codec} over ${way(cell)}`;
  const title = `${label}: ${both(cell)}, 95 % from ${interval(cell)}, ${verdict.word}`;
  return { label, group: verdict.word, ratio, low, high, look: verdictLook(verdict), mark: verdict.sign, title };
}

function meansSection(body) {
  const { means, middle_half: half } = page.comparison;
  const of = (what, means) => means.map((mean) => ({ ...mean, what }));
  const all = [...(means.all ? [{ ...means.all, what: "all cells" }] : []),
    ...of("codec", means.codecs), ...of("transport", means.transports), ...of("message", means.messages), ...of("host", means.hosts)];
  if (all.length === 0) {
    body.append(nothing("No cell, no mean."));
    return () => {};
  }
  const host = chart();
  const behind = tableBehind("means", "geometric means", [
    { key: "what", title: "of", number: false, value: (mean) => mean.what },
    { key: "name", title: "name", header: true, number: false, value: (mean) => mean.name },
    ...RATIO_COLUMNS, { key: "cells", title: "cells", value: (mean) => mean.cells }]);
  const middle = half ? ` The middle half of the cells lies between ${ratio(half[0])} and ${ratio(half[1])}.` : "";
  body.append(el("p", { class: "legend-text" }, `Of every cell that is judged, whatever the filter leaves out; ${page.comparison.relative}. Cells of a codec move together, and the intervals know that.${means.hosts.length > 0 ? " Those by codec, transport and message are of weft's own host, where it has any." : ""}${middle}`), host.element, behind.element);
  return () => {
    host.update((width) => forest(all.map(meanRow), width, "Geometric means with 95 % intervals"));
    behind.update(() => all);
  };
}

function meanRow({ what, name, ratio: mean, low, high, cells }) {
  const [blue, orange] = page.colours.series;
  const look = low > 1 ? { colour: orange, marker: "triangle" } : high < 1 ? { colour: blue, marker: "down" } : { colour: "var(--soft)", marker: "circle" };
  const title = `${name}: ${ratio(mean)}, 95 % from ${interval({ low, high })}, ${count(cells)} cells`;
  return { label: name, group: what, ratio: mean, low, high, look, mark: "", title };
}
