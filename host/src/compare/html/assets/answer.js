// The answer: how many cells have which verdict, and what moved most.

function answerSection(body) {
  const { comparison } = page;
  body.append(el("p", { class: "answer" }, `${comparison.answer}.`));
  if (comparison.whole) body.append(el("p", { class: "answer" }, `${capitalised(comparison.whole)}.`));
  if (comparison.cells.length === 0) return () => {};
  const host = chart();
  const verdicts = table("verdicts", "Cells by verdict", [
    { key: "verdict", title: "verdict", header: true, number: false, value: (one) => one.key, show: (one) => `${one.sign} ${one.word}`.trim() },
    { key: "cells", title: "cells", value: (one) => comparison.counts[one.key],
      show: (one) => viewLink({ verdict: one.key, message: null, task: null, codec: null, host: null, isolation: null, at: hasRatios(comparison) ? "ratios" : "cells" }, { title: `Show the cells that are ${one.word}` }, count(comparison.counts[one.key])) },
    { key: "about", title: "what it says", number: false, prose: true, value: (one) => one.about }]);
  verdicts.update(comparison.verdicts);
  body.append(host.element, verdicts.element, ...mostMoved(comparison));
  return () => host.update((width) => [shares(comparison, width)]);
}

/** The share of each verdict, as a bar in parts. */
function shares({ counts, verdicts, cells }, width) {
  const room = width - 2 * (verdicts.length - 1);
  let from = 0;
  const parts = verdicts.map((verdict) => {
    const wide = Math.max(2, (room * counts[verdict.key]) / cells.length);
    const text = [`${verdict.sign} ${counts[verdict.key]} ${verdict.word}`, `${verdict.sign} ${counts[verdict.key]}`].find((text) => textWidth(text) + 8 < wide);
    const part = svg("g", {},
      svg("title", {}, `${counts[verdict.key]} ${verdict.word}`),
      svg("rect", { x: from, y: 2, width: wide, height: 26, class: `share ${verdict.key}` }),
      text ? svg("text", { x: from + wide / 2, y: 19, "text-anchor": "middle", class: `share ${verdict.key}` }, text.trim()) : null);
    from += wide + 2;
    return part;
  });
  return picture(width, 30, "Cells by verdict", parts);
}

/** How many cells are shown as what moved most. */
const MOVED = 10;

function mostMoved({ cells }) {
  const moved = cells.filter(({ verdict }) => verdict.key === "slower" || verdict.key === "faster").sort(byChange).slice(0, MOVED);
  if (moved.length === 0) return [];
  const inside = table("moved", moved.length === MOVED ? `The ${MOVED} cells that moved most` : "The cells that moved",
    [...NAME_COLUMNS, ...TIME_COLUMNS, ...RATIO_COLUMNS, VERDICT_COLUMN]);
  inside.update(moved);
  return [inside.element];
}

/** Machine, engine and toolchain, where they differ. */
function setupSection(body) {
  body.append(...page.comparison.setups.map((setup) => el("p", {}, `${setup}.`)));
  return fixed(body, "differences", "What differs", [
    { key: "kind", title: "of the", value: (one) => one.kind, number: false },
    { key: "key", title: "key in run.json", header: true, value: (one) => one.key, number: false },
    { key: "old", title: "old", value: (one) => one.old, number: false, prose: true },
    { key: "new", title: "new", value: (one) => one.new, number: false, prose: true }], page.comparison.differences, "");
}
