// Latency against size: a line per transport of one codec, or per codec over one transport.

/** What can be lines: transports of a codec, the floor first, or codecs over a transport. */
function lineChoices() {
  const measured = page.run.cells.filter((cell) => cell.latency);
  const codecs = page.run.codecs.filter((codec) => measured.some((cell) => cell.codec === codec));
  const transports = page.run.transports.filter((transport) => measured.some((cell) => cell.transport === transport));
  const floor = [...codecs].sort((a, b) => b.floor - a.floor || leagueOf(a) - leagueOf(b) || a.name.localeCompare(b.name));
  return [
    ...floor.map((codec) => ({ value: `transport:${codec.name}`, text: codec.floor ? `the floor: ${codec.name}` : codec.name, group: "transports, of", by: "transport", of: codec })),
    ...transports.map((transport) => ({ value: `codec:${transport.name}`, text: transport.name, group: "codecs, over", by: "codec", of: transport })),
  ];
}

/** The choice in effect with its kind of message and its task, among those that the run has. */
function shownLines() {
  const choices = lineChoices();
  const choice = choices.find(({ value }) => value === state.get("lines")) ?? choices[0];
  if (!choice) return null;
  const own = page.run.cells.filter((cell) => cell.latency && (choice.by === "transport" ? cell.codec : cell.transport) === choice.of
    && (choice.by === "transport" || !cell.codec.floor));
  // What has the most sizes says the most.
  const most = (list) => [...list].sort((a, b) => b[1].size - a[1].size)[0]?.[0] ?? "";
  const sizes = (cells, key) => {
    const found = new Map();
    for (const cell of cells) found.set(key(cell), (found.get(key(cell)) ?? new Set()).add(cell.message));
    return found;
  };
  const kinds = sizes(own, (cell) => cell.message.kind);
  const kind = kinds.has(state.get("kind")) ? state.get("kind") : most(kinds);
  const ofKind = own.filter((cell) => cell.message.kind === kind);
  const tasks = sizes(ofKind, (cell) => cell.task.name);
  const task = tasks.has(state.get("line-task")) ? state.get("line-task") : most(tasks);
  return { ...choice, kind, task, kinds: [...kinds.keys()], tasks: [...tasks.keys()], cells: ofKind.filter((cell) => cell.task.name === task) };
}

function sizesSection(body) {
  if (!shownLines()) {
    body.append(nothing("This run has no measured cell."));
    return () => {};
  }
  const host = chart();
  const texts = (list) => list.map((value) => ({ value, text: value }));
  const follow = (key, label, options, now) => select(key, label, () => [{ value: "", text: `${now()} (most sizes)` }, ...options()]);
  const behind = tableBehind("sizes", "latency by size", [...CELL_COLUMNS,
    { key: "message", title: "message", value: (cell) => cell.message.name, number: false },
    { key: "payload", title: "payload", value: (cell) => cell.message.payload ?? null, show: (cell) => (cell.message.payload ? bytes(cell.message.payload) : "") },
    ...LATENCY_COLUMNS]);
  const crossings = tableBehind("crossings", "crossovers", [
    { key: "above", title: "above", value: (one) => one.bytes, show: (one) => size(one.bytes) },
    { key: "wins", title: "wins", value: (one) => lineOf(one, one.winner).name, number: false },
    { key: "over", title: "over", value: (one) => lineOf(one, one.loser).name, number: false },
    timeColumn("ns", "at", (one) => one.ns),
    { key: "among", title: "the fastest", value: (one) => one.among, number: false, prose: true }], { empty: "No crossover that the rounds are sure of." });
  body.append(
    el("div", { class: "row" }, select("lines", "Lines", lineChoices),
      follow("kind", "Message", () => texts(shownLines().kinds), () => shownLines().kind),
      follow("line-task", "Task", () => texts(shownLines().tasks), () => shownLines().task)),
    el("p", { class: "legend-text" }, "○ where one way becomes faster than another, where rounds on both sides are sure of it (adjusted p at most 5 %) and no third way that is shown is faster at that isolation."),
    host.element, behind.element, crossings.element);
  return () => {
    const view = shownLines();
    const cells = view.cells.filter((cell) => passesLine(view, cell));
    const found = crossingsOf(view, cells);
    host.update((width) => sizesChart(view, cells, found, width));
    behind.update(() => cells);
    crossings.update(() => found);
  };
}

/** The floor is no codec to filter: the transports' isolation counts, and codecs where they are the lines. */
function passesLine(view, cell) {
  const isolation = state.list("isolation").includes(cell.transport.isolation);
  return isolation && (view.by === "transport" || passesCodec(cell.codec));
}

function lineOf(crossing, place) {
  return crossing.by === "transport" ? page.run.transports[place] : page.run.codecs[place];
}

/** Among whom two transports are the fastest: those of equal isolation or stronger. In the order of CLASSES. */
const AMONG_CLASSES = ["with full isolation", "where a window may be shared", "where everything may be shared"];
/** Among whom two codecs are: those of their league. In the order of LEAGUES. */
const AMONG_LEAGUES = ["of the codecs that encode and check", "of those that encode nothing", "of those that check nothing"];

/** The crossovers between lines that are shown, where no third line that is shown is faster. */
function crossingsOf(view, cells) {
  const places = new Set(cells.map((cell) => (view.by === "transport" ? cell.transport : cell.codec).place));
  const own = page.run.crossovers.filter((one) => one.by === view.by && one.of === view.of.place && one.kind === view.kind
    && page.run.tasks[one.task].name === view.task && places.has(one.winner) && places.has(one.loser));
  const weakest = (one) => Math.max(...[one.winner, one.loser].map((place) => classOf(page.run.transports[place])));
  const competes = (one) => (place) => places.has(place) && (view.by === "codec" || classOf(page.run.transports[place]) <= weakest(one));
  const among = (one) => (view.by === "codec" ? AMONG_LEAGUES[page.run.codecs[one.winner].league] : AMONG_CLASSES[weakest(one)]);
  return own.filter((one) => !one.faster.some(competes(one))).map((one) => ({ ...one, among: among(one) }));
}

function sizesChart(view, cells, crossings, width) {
  if (cells.length === 0) return [nothing("Nothing measured passes the filter.")];
  const names = [...new Set(cells.map((cell) => (view.by === "transport" ? cell.transport : cell.codec)))].sort((a, b) => a.place - b.place);
  const series = names.map((name) => ({
    name: view.by === "transport" ? `${name.name} (${name.isolation})` : codecName(name),
    look: look(name.place),
    points: cells.filter((cell) => (view.by === "transport" ? cell.transport : cell.codec) === name && cell.message.payload > 0)
      .map((cell) => ({ x: cell.message.payload, y: cell.latency[0], low: cell.latency[1], high: cell.latency[2], title: `${pairName(cell)}, ${cell.message.name}: ${cellText(cell)}` }))
      .sort((a, b) => a.x - b.x),
  })).filter((one) => one.points.length > 0);
  if (series.length === 0) return [nothing("The sizes of these messages are not in the run.")];
  const marks = crossings.map((one) => ({ x: one.bytes, y: one.ns, text: `${lineOf(one, one.winner).name} wins above ${size(one.bytes)}` }));
  const sizes = new Set(cells.map((cell) => cell.message.name)).size;
  const one = sizes === 1 ? [nothing(`This run has one size of ${view.kind} with the task ${view.task}: points, not lines.`)] : [];
  const what = `${view.kind}, ${view.task}, ${view.by === "transport" ? codecName(view.of) : `over ${view.of.name}`}: latency by size`;
  return [el("figcaption", {}, what), ...one, legend(series), lines(series, marks, width, what), crossingList(crossings)];
}

/** The crossovers in words. */
function crossingList(crossings) {
  const text = (one) => `${lineOf(one, one.winner).name} wins over ${lineOf(one, one.loser).name} above ${size(one.bytes)}, the fastest ${one.among}`;
  return el("p", { class: "legend-text" }, crossings.length > 0 ? `Crossovers: ${crossings.map(text).join("; ")}.` : "No crossover that the rounds are sure of.");
}
