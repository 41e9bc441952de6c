// How far rounds moved, and what the calibrations took.

function roundsSection(body) {
  const { rounds } = page.run;
  const moved = rounds.effects.flatMap(([host, effects]) => effects.map((effect, round) => ({ host, round: round + 1, effect })));
  const disturbed = rounds.disturbed ? `${rounds.disturbed}. ` : "";
  body.append(el("p", { class: "legend-text" }, `${count(rounds.planned)} rounds were planned. ${disturbed}${movedText(rounds.effects)}`));
  const host = chart();
  if (moved.length > 0) {
    const behind = tableBehind("moved", "how far each round moved", [
      { key: "host", title: "host", header: true, number: false, value: (row) => row.host },
      { key: "round", title: "round", value: (row) => row.round },
      { key: "effect", title: "all cells", value: (row) => row.effect, show: (row) => percent(row.effect - 1) }]);
    body.append(host.element, behind.element);
    behind.update(() => moved);
  }
  calibrationTable(body);
  return () => {
    if (moved.length > 0) host.update((width) => [...movedLegend(), movedChart(rounds.effects, width)]);
  };
}

/** A part of 1 as a signed percentage. */
function percent(part) {
  return `${part < 0 ? "−" : "+"}${Math.abs(100 * part).toFixed(1)} %`;
}

function movedText(effects) {
  if (effects.length === 0) return "There are too few cells to tell what all of a round share.";
  const all = effects.flatMap(([, of]) => of);
  return `All cells of a host moved together by ${percent(Math.min(...all) - 1)} to ${percent(Math.max(...all) - 1)} in a round; that is taken out of their times.`;
}

function movedLegend() {
  const { effects } = page.run.rounds;
  return effects.length > 1 ? [legend(effects.map(([name], place) => ({ name, look: look(place) })))] : [];
}

/** A line per host over its rounds. */
function movedChart(effects, width) {
  const most = Math.max(0.01, ...effects.flatMap(([, of]) => of.map((effect) => Math.abs(effect - 1)))) * 1.15;
  const rounds = Math.max(...effects.map(([, of]) => of.length));
  const frame = { left: 58, right: width - 24, top: 28, bottom: 188 };
  const x = scale(0.5, rounds + 0.5, frame.left, frame.right, false);
  const y = scale(-most, most, frame.bottom, frame.top, false);
  const every = Math.ceil(rounds / Math.max(2, width / 60));
  const ticks = Array.from({ length: Math.ceil(rounds / every) }, (_, at) => 1 + at * every);
  const sides = [-1, -0.5, 0, 0.5, 1].map((part) => (part * most) / 1.15);
  const drawn = effects.map(([host, of], place) => {
    const at = of.map((effect, round) => [x.place(round + 1), y.place(effect - 1)]);
    const path = at.map(([x, y], place) => `${place === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    return svg("g", {}, svg("path", { d: path, fill: "none", stroke: look(place).colour, "stroke-width": 2, "stroke-dasharray": look(place).dash }),
      at.map(([x, y], round) => marker(look(place), x, y, `${host}, round ${round + 1}: ${percent(of[round] - 1)}`)));
  });
  return picture(width, frame.bottom + 44, "How far each round moved",
    axisBelow(frame, x, ticks, String, "round"), axisBeside(frame, y, sides, (part) => (part === 0 ? "0" : percent(part)), "all cells of a host beside its other rounds"), drawn);
}

function calibrationTable(body) {
  const spread = (row) => (row.spread === undefined ? "1 round" : `± ${(100 * row.spread).toFixed(1)} %`);
  fixed(body, "calibrations", "Native work that no guest has a part in: when it moves, the machine has moved", [
    { key: "name", title: "calibration", header: true, number: false, value: (row) => row.name },
    { key: "what", title: "what", number: false, prose: true, value: (row) => row.what },
    timeColumn("ns", "time", (row) => row.ns),
    { key: "spread", title: "over rounds", value: (row) => row.spread ?? null, show: spread },
    ...MADE_COLUMNS.filter(({ key }) => key !== "placements")], page.run.rounds.calibrations, "This run has no calibrations.");
}
