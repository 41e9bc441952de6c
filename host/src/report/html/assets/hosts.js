// The other hosts of the run: the chart beside weft's own, and tables of what wasm, settings and engines cost.

/** A message with its task, as the tables of hosts name it. */
function work({ message, task }) {
  return `${message} ${task}`;
}

/** A codec of this name, with the mark of its league where the run knows it. */
function codecNamed(name) {
  const codec = page.run.codecs.find((codec) => codec.name === name);
  return codec ? codecName(codec) : name;
}

/** The place of a codec in tables: by league, then by name. */
function codecPlace(name) {
  const codec = page.run.codecs.find((codec) => codec.name === name);
  return `${codec ? leagueOf(codec) : 9} ${name}`;
}

/** Where 1 is within the interval of a ratio `[value, low, high]`. Not where it has none. */
function ratioMark([, low, high]) {
  return low <= 1 && high >= 1 ? "≈" : "";
}

/** A ratio in words. */
function ratioText(ratio) {
  return `${factor(ratio[0])} ${ratioMark(ratio)}`.trim();
}

/** The ratio the other way round. */
function inverse([value, low, high]) {
  return low === undefined ? [1 / value] : [1 / value, 1 / high, 1 / low];
}

/** What some cells have under a key, each once. */
function each(cells, of) {
  return [...new Set(cells.map(of))];
}

/** The cells of hosts that weft's own host has as well. */
function compared() {
  return page.run.hosts.cells.filter((cell) => cell.ratio);
}

/** The message and transport that the chart is of: those that are asked for, or else the first with most hosts. */
function shownHosts() {
  const cells = compared();
  const works = each(cells, work);
  const asked = works.find((name) => name === state.get("host-message"));
  const { message, task } = shown();
  const now = asked ?? works.find((name) => name === work({ message, task })) ?? works[0];
  const own = cells.filter((cell) => work(cell) === now);
  const transports = each(own, (cell) => cell.transport);
  const hosts = (transport) => each(own.filter((cell) => cell.transport === transport), (cell) => cell.host).length;
  const most = [...transports].sort((a, b) => hosts(b) - hosts(a))[0];
  const transport = transports.includes(state.get("host-transport")) ? state.get("host-transport") : most;
  return { works, transports, work: now, transport, cells: own.filter((cell) => cell.transport === transport) };
}

function hostsSection(body) {
  const { hosts } = page.run;
  body.append(el("p", { class: "legend-text" },
    "Of the whole run, whatever the filter leaves out. Other hosts measure a few messages, each in the same rounds as weft's own host, wasmtime. Every ratio is of two cells that differ in nothing but the host, compared round by round; above 1 is slower. ≈: 1 is within its 95 % interval."));
  const draw = compared().length > 0 ? hostChart(body) : () => {};
  const tables = [wasmTable, settingsTable, ...hosts.list.filter(({ kind }) => kind === "engine").flatMap((host) => [engineTable(host), waysTable(host)]), hostList, missingOnHosts];
  for (const table of tables) table(body);
  return draw;
}

function hostChart(body) {
  const host = chart();
  const texts = (list) => list.map((value) => ({ value, text: value }));
  const behind = tableBehind("host-cells", "every cell of other hosts", [
    { key: "host", title: "host", value: (cell) => cell.host, header: true, number: false },
    { key: "work", title: "message", value: work, number: false },
    { key: "codec", title: "codec", value: (cell) => cell.codec, show: (cell) => codecNamed(cell.codec), number: false },
    { key: "transport", title: "transport", value: (cell) => cell.transport, number: false },
    timeColumn("ns", "time", (cell) => cell.latency[0]), timeColumn("own", "on weft's own", (cell) => cell.own[0]),
    ratioColumn("ratio", "ratio", (cell) => cell.ratio), edgeColumn("low", "from", 1), edgeColumn("high", "to", 2), ...MADE_COLUMNS]);
  body.append(el("div", { class: "row" }, select("host-message", "Message", () => texts(shownHosts().works), () => shownHosts().work),
    select("host-transport", "Transport", () => texts(shownHosts().transports), () => shownHosts().transport)), host.element, behind.element);
  return () => {
    const view = shownHosts();
    host.update((width) => hostRows(view, width));
    behind.update(compared);
  };
}

function ratioColumn(key, title, ratio) {
  return { key, title, value: (row) => ratio(row)?.[0] ?? null, show: (row) => (ratio(row) ? ratioText(ratio(row)) : "") };
}

function edgeColumn(key, title, place) {
  return { key, title, value: (cell) => cell.ratio[place] ?? null, show: (cell) => (cell.ratio[place] === undefined ? "" : factor(cell.ratio[place])) };
}

function hostRows(view, width) {
  const order = page.run.hosts.list.map(({ name }) => name);
  const cells = [...view.cells].sort((a, b) => codecPlace(a.codec).localeCompare(codecPlace(b.codec)) || order.indexOf(a.host) - order.indexOf(b.host));
  const rows = cells.map((cell) => {
    const [ratio, low = ratio, high = ratio] = cell.ratio;
    const title = `${cell.codec} over ${cell.transport} on ${cell.host}: ${cellText(cell)}; on weft's own: ${timeText(cell.own)}`;
    return { label: cell.host, group: codecNamed(cell.codec), ratio, low, high, title, mark: ratioMark(cell.ratio), sure: cell.ratio.length > 1 };
  });
  const what = `${view.work} over ${view.transport}: hosts beside weft's own`;
  return [el("figcaption", {}, what), ...beside(rows, width, what)];
}
