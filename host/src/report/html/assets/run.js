// The run as the page's data has it, with places replaced by what they name.

/** Reads the data; `cells` then hold their codec, transport, message and task. */
function loadRun(data) {
  const named = (list) => list.map((item, place) => (typeof item === "string" ? { name: item, place } : { ...item, place }));
  const run = { ...data, codecs: named(data.codecs), transports: named(data.transports) };
  run.messages = named(data.messages);
  run.tasks = named(data.tasks);
  run.cells = data.cells.map((cell) => ({
    ...cell,
    codec: run.codecs[cell.codec],
    transport: run.transports[cell.transport],
    message: run.messages[cell.message],
    task: run.tasks[cell.task],
    reason: data.reasons[cell.reason] ?? null,
    tailReason: data.reasons[cell.tail_reason] ?? null,
  }));
  return run;
}

/** What is shown of a codec: its name with the mark of its league. */
function codecName(codec) {
  return codec.name + (codec.floor ? " (floor)" : codec.note);
}

/** `codec over transport`. */
function pairName(cell) {
  return `${codecName(cell.codec)} over ${cell.transport.name}`;
}

/** Why a cell has no latency; null where it has one. */
function missing(run, cell) {
  if (cell.latency) return null;
  const why = cell.reason ?? "no reason was recorded";
  return cell.status ? `${cell.status}: ${why}` : "verified, but the run has no latency of it";
}

/** The place of a codec among leagues: the floor last. */
function leagueOf(codec) {
  return codec.league ?? 9;
}

const LEAGUES = ["", "† encode nothing", "‡ check nothing"];

/** What a league is called; the floor is none. */
function leagueName(codec) {
  return codec.floor ? "the floor" : LEAGUES[codec.league] ?? "";
}

const CLASSES = ["full", "window", "none"];

/** The place of an isolation class, from the strongest. */
function classOf(transport) {
  return CLASSES.indexOf(transport.isolation);
}

/** The classes that a run has. */
function classesOf(run) {
  return CLASSES.filter((name) => run.transports.some((transport) => transport.isolation === name));
}

/** By class, league and latency: as bars and tables are read. */
function byRank(a, b) {
  return classOf(a.transport) - classOf(b.transport) || leagueOf(a.codec) - leagueOf(b.codec)
    || (a.latency?.[0] ?? Infinity) - (b.latency?.[0] ?? Infinity);
}
