// Which cells are shown.

/** What a cell is selected by, beside isolation and verdict. */
const NAMED = ["message", "task", "codec", "host"];

/** Whether a cell passes the filter. */
function passes(cell) {
  const named = NAMED.every((key) => state.get(key) === "" || state.get(key) === cell[key]);
  return named && state.list("isolation").includes(cell.isolation) && state.list("verdict").includes(cell.verdict.key);
}

/** The cells that pass the filter. */
function shownCells() {
  return page.comparison.cells.filter(passes);
}

/** How many they are, beside the titles of what shows them. */
function shownCount() {
  const [some, all] = [shownCells().length, page.comparison.cells.length];
  return some === all ? `all ${count(all)} cells` : `${count(some)} of ${count(all)} cells`;
}

/** Says that there are no cells, and offers the way back. */
function noCells() {
  if (page.comparison.cells.length === 0) return nothing(`${capitalised(page.comparison.answer)}.`);
  const back = Object.fromEntries([...NAMED, "isolation", "verdict"].map((key) => [key, null]));
  return el("p", { class: "nothing" }, "No cell passes the filter. ", viewLink(back, {}, "Clear the filter"), ".");
}

function buildControls(host) {
  const { comparison } = page;
  const any = (names) => () => [{ value: "", text: "any" }, ...names.map((value) => ({ value, text: value }))];
  const verdicts = comparison.verdicts.map(({ key, word, sign }) => ({ value: key, text: `${sign} ${word}`.trim() }));
  host.append(el("div", { class: "row" },
    select("message", "Message", any(comparison.messages)), select("task", "Task", any(comparison.tasks)),
    select("codec", "Codec", any(comparison.codecs)),
    ...(comparison.hosts.some((host) => host !== OWN_HOST) ? [select("host", "Host", any(comparison.hosts))] : []),
    boxes("isolation", "Isolation", comparison.classes.map((value) => ({ value, text: value }))),
    boxes("verdict", "Verdict", verdicts), resetButton()));
}
