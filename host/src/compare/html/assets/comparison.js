// The comparison as the page's data has it.

/** What is said of a cell, the most important first: as `compare/verdict.rs` has it. */
const VERDICTS = [
  { key: "slower", word: "slower", sign: "▲", marker: "triangle", about: "takes longer, for certain among all cells that are compared" },
  { key: "faster", word: "faster", sign: "▼", marker: "down", about: "takes less, as certainly" },
  { key: "unsure", word: "unsure", sign: "?", marker: "cross", about: "none of these can be said" },
  { key: "same", word: "same", sign: "=", marker: "circle", about: "it lies within the threshold for certain: its whole 90 % interval does" },
  { key: "not_judged", word: "not judged", sign: "", marker: "square", about: "times of two machines, or of two engines, say nothing about what was changed" },
];

/** The name of weft's own host: where all cells are of it, no host is named. */
const OWN_HOST = "wasmtime";

const CLASSES = ["full", "window", "none"];

/** The data with each cell's verdict, and the names that cells have: of messages, tasks, codecs and transports. */
function loadComparison(data) {
  const cells = data.cells.map((cell, place) => ({ ...cell, place, verdict: VERDICTS.find(({ key }) => key === cell.verdict) }));
  const names = (key) => [...new Set(cells.map((cell) => cell[key]))];
  const isolation = (transport) => cells.find((cell) => cell.transport === transport).isolation;
  return {
    ...data,
    cells,
    hosts: names("host"),
    messages: names("message"),
    tasks: names("task"),
    codecs: names("codec").sort((a, b) => a.localeCompare(b)),
    transports: names("transport").map((name) => ({ name, isolation: isolation(name) }))
      .sort((a, b) => CLASSES.indexOf(a.isolation) - CLASSES.indexOf(b.isolation)),
    classes: CLASSES.filter((name) => cells.some((cell) => cell.isolation === name)),
    verdicts: VERDICTS.filter((verdict) => cells.some((cell) => cell.verdict === verdict)),
  };
}

/** Whether ratios are shown: those of two machines are not, unless somebody asked for them. */
function hasRatios({ cells }) {
  return cells.length === 0 || cells.some(({ ratio }) => ratio !== undefined);
}

/** A sentence's beginning. */
function capitalised(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}

/** A transport, and the host where it is not weft's own: as cells are spelled. */
function way({ transport, host }) {
  return host === OWN_HOST ? transport : `${transport}@${host}`;
}

/** A ratio of times: as the other formats write it. */
function ratio(value) {
  return value.toFixed(3);
}

/** A change as a part, in per cent. */
function percent(part, digits) {
  return `${part > 0 ? "+" : ""}${(100 * part).toFixed(digits)} %`.replace("-", "−");
}

/** The interval of a ratio, in words. */
function interval({ low, high }) {
  return `${ratio(low)} to ${ratio(high)}`;
}

/** Old and new time. */
function both(cell) {
  return `${time(cell.old_ns)} → ${time(cell.new_ns)}`;
}

/** The larger change first. */
function byChange(a, b) {
  return Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio));
}

/** How verdicts are drawn: by sign, marker and colour. */
function verdictLook({ key, marker }) {
  const [blue, orange] = page.colours.series;
  return { colour: key === "slower" ? orange : key === "faster" ? blue : "var(--soft)", marker, dash: "" };
}
