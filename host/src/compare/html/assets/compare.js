// The page of a comparison: its sections and what stands above and below them.

const SECTIONS = [
  { id: "answer", title: "The answer", build: answerSection },
  { id: "setup", title: "Not the same set-up", build: setupSection, has: ({ differences }) => differences.length > 0 },
  { id: "runs", title: "The two runs", build: runsSection },
  { id: "maps", title: "New/old by codec and transport", of: shownCount, build: mapsSection },
  { id: "ratios", title: "Ratios with intervals", of: shownCount, build: ratiosSection },
  { id: "means", title: "Geometric means", build: meansSection },
  { id: "exact", title: "Exact figures", build: exactSection },
  { id: "cells", title: "Every cell", of: shownCount, build: everySection },
  { id: "missing", title: "Measured by one run only", build: missingSection },
];

/** What a reader must know before the figures. */
function notesOf({ differences, judged, notes }) {
  const kinds = [...new Set(differences.map(({ kind }) => kind))].join(", ");
  const setup = differences.length > 0 ? [`The runs are of different set-ups (${kinds}): times are ${judged ? "judged all the same" : "not judged"}.`] : [];
  return [...setup, ...notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`)];
}

start((data) => {
  const comparison = loadComparison(data);
  page.comparison = comparison;
  const [old, now] = [comparison.old.run_id, comparison.new.run_id];
  return {
    name: `${old} → ${now}`,
    notes: notesOf(comparison),
    foot: ["Made by ", el("code", {}, `cargo weft compare ${old} ${now} --format html`), "; docs/STATISTICS.md says how cells are judged."],
    sections: SECTIONS.filter(({ has }) => has === undefined || has(comparison)),
    defaults: {
      value: "ratio",
      isolation: comparison.classes.join(","),
      verdict: comparison.verdicts.map(({ key }) => key).join(","),
    },
    controls: buildControls,
  };
});
