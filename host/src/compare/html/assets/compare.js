// The page of a comparison: its sections and what stands above and below them.

const SECTIONS = [
  { id: "answer", title: "The answer", build: answerSection },
  { id: "setup", title: "Not the same set-up", build: setupSection, has: ({ differences }) => differences.length > 0 },
  { id: "runs", title: "The two runs", build: runsSection },
  { id: "machine", title: "What the machine did", build: machineSection, has: ({ calibrations }) => calibrations !== null },
  { id: "maps", title: "New/old by codec and transport", of: shownCount, build: mapsSection, has: hasRatios },
  { id: "ratios", title: "Ratios with intervals", of: shownCount, build: ratiosSection, has: hasRatios },
  { id: "means", title: "Geometric means", build: meansSection, has: hasRatios },
  { id: "exact", title: "Exact figures", build: exactSection },
  { id: "cells", title: "Every cell", of: shownCount, build: everySection },
  { id: "missing", title: "Measured by one run only", build: missingSection },
  { id: "next", title: "What to do next", build: nextSection, has: ({ next }) => next.length > 0 },
];

/** What a reader must know before the figures. */
function notesOf({ setups, notes }) {
  return [...setups, ...notes.map(capitalised)].map((note) => `${note}.`);
}

start((data) => {
  const comparison = loadComparison(data);
  page.comparison = comparison;
  const [old, now] = [comparison.old.run_id, comparison.new.run_id];
  return {
    name: `${old} → ${now}`,
    notes: notesOf(comparison),
    foot: ["Made by ", el("code", {}, `${comparison.command} --format html`), "; docs/STATISTICS.md says how cells are judged."],
    sections: SECTIONS.filter(({ has }) => has === undefined || has(comparison)),
    defaults: {
      value: "ratio",
      isolation: comparison.classes.join(","),
      verdict: comparison.verdicts.map(({ key }) => key).join(","),
    },
    controls: buildControls,
  };
});
