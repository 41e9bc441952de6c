// The tables of the section of hosts.

/** A heading above a table, and what must be known of it. */
function headed(body, title, text) {
  body.append(el("h3", {}, title), ...(text ? [el("p", { class: "legend-text" }, text)] : []));
}

/** What wasm costs: codecs as WebAssembly and as native code. */
function wasmTable(body) {
  const { hosts } = page.run;
  const natives = hosts.list.filter(({ kind }) => kind === "native").map(({ name }) => name);
  const cells = hosts.cells.filter((cell) => natives.includes(cell.host) && cell.transport === hosts.native_way);
  if (cells.length === 0) return;
  headed(body, "What wasm costs", `The guests as WebAssembly on weft's own host, over ${hosts.native_way}, beside the same codecs as native code that calls each other. Native guests are compiled for the target's baseline CPU, while wasmtime compiles for this machine. native has the allocator that guests have in wasm, native+glibc the platform's.`);
  const works = each(cells, work);
  const rows = works.flatMap((name) => each(cells.filter((cell) => work(cell) === name), (cell) => cell.codec).map((codec) => (
    { work: name, codec, cells: cells.filter((cell) => work(cell) === name && cell.codec === codec) })));
  const of = (row, host) => row.cells.find((cell) => cell.host === host);
  const columns = natives.flatMap((host) => [
    { ...timeColumn(`ns-${host}`, host, (row) => of(row, host)?.latency?.[0]), show: (row) => (of(row, host) ? timeOrStatus(of(row, host)) : "") },
    ratioColumn(`cost-${host}`, `wasm ÷ ${host}`, (row) => (of(row, host)?.ratio ? inverse(of(row, host).ratio) : null))]);
  groupedTable(body, "wasm-cost", "Codecs as WebAssembly and as native code", works, rows, [
    timeColumn("wasm", "wasm", (row) => row.cells.find((cell) => cell.own)?.own[0]), ...columns]);
}

/** A table with a row per codec, in groups by message. */
function groupedTable(body, id, caption, works, rows, columns) {
  const groups = { of: (row) => works.indexOf(row.work), name: (row) => row.work };
  const codec = { key: "codec", title: "codec", header: true, number: false, value: (row) => row.codec, show: (row) => codecNamed(row.codec) };
  const inside = table(id, caption, [codec, ...columns], { groups });
  body.append(inside.element);
  inside.update([...rows].sort((a, b) => codecPlace(a.codec).localeCompare(codecPlace(b.codec))));
}

function timeOrStatus(cell) {
  return cell.latency ? time(cell.latency[0]) : cell.status ?? "no figure";
}

/** What settings of weft's own engine cost. */
function settingsTable(body) {
  const { settings } = page.run.hosts;
  if (settings.length === 0) return;
  headed(body, "What settings cost", "The setting ÷ the default one: the geometric mean over cells and rounds with its 95 % interval, and the cells that are farthest from each other. The last column is of codecs of a league over the same transport: those of which the default setting calls the one the faster, and this one the other. ≈: 1 is within the mean's interval.");
  const mean = ({ mean, interval }) => [mean, ...(interval ?? [])];
  const end = (key) => ({ key, title: key, value: (row) => row[key].ratio[0],
    show: (row) => [ratioText(row[key].ratio), el("small", {}, `${codecNamed(row[key].codec)} over ${row[key].transport}`)] });
  const order = ({ swaps }) => (swaps.length === 0 ? "the same" : swaps.map(([faster, slower, transports]) => `${faster} now before ${slower} (${transports.join(", ")})`).join("; "));
  const inside = table("settings", "Settings beside the default one", [
    { key: "host", title: "setting", header: true, number: false, value: (row) => row.host },
    { key: "work", title: "message", number: false, value: work },
    { ...ratioColumn("mean", "mean", mean), show: (row) => [ratioText(mean(row)), ...(row.interval ? [el("small", {}, row.interval.map((end) => factor(end)).join(" to "))] : [])] },
    end("smallest"), end("largest"),
    { key: "cells", title: "cells", value: (row) => row.cells },
    { key: "order", title: "order of codecs", number: false, prose: true, value: order }]);
  body.append(inside.element);
  inside.update(settings);
}

/** What another engine takes: codecs over the transports that it has. */
function engineTable({ name, engine }) {
  return (body) => {
    const ways = each(page.run.hosts.ways.filter((way) => way.host === name), (way) => way.transport);
    const cells = page.run.hosts.cells.filter((cell) => cell.host === name && cell.status !== "unsupported" && !ways.includes(cell.transport));
    if (cells.length === 0) return;
    headed(body, `${name}: ${engine}`, "The time, and the ratio to weft's own host over the same transport.");
    const works = each(cells, work);
    const rows = works.flatMap((one) => each(cells.filter((cell) => work(cell) === one), (cell) => cell.codec).map((codec) => ({ work: one, codec })));
    const find = (row, transport) => cells.find((cell) => work(cell) === row.work && cell.codec === row.codec && cell.transport === transport);
    const columns = each(cells, (cell) => cell.transport).map((transport) => ({
      key: transport,
      title: transport,
      value: (row) => find(row, transport)?.latency?.[0] ?? null,
      show: (row) => { const cell = find(row, transport); return cell ? [timeOrStatus(cell), cell.ratio ? el("small", {}, ratioText(cell.ratio)) : null].filter((part) => part) : ""; },
      paint: (td, row) => { const cell = find(row, transport); if (cell?.ratio) td.title = `${cellText(cell)}; on weft's own: ${timeText(cell.own)}`; },
    }));
    groupedTable(body, `engine-${name}`, `Codecs over the transports of ${name}`, works, rows, columns);
  };
}

/** What the ways of a host cost that weft's own host has not. */
function waysTable({ name }) {
  return (body) => {
    const { ways, bare_way: bare } = page.run.hosts;
    const rows = ways.filter((way) => way.host === name).map((way) => ({ ...way, work: work(way) }));
    if (rows.length === 0) return;
    headed(body, `${name}: what its own way costs`, `Beside it, on weft's own host: the same codec over ${bare}, and over the way with the same isolation that takes least. What a way costs is its time less that over ${bare}.`);
    groupedTable(body, `ways-${name}`, `Codecs over the way of ${name}`, each(rows, (row) => row.work), rows, [
      { key: "way", title: "way", number: false, value: (row) => row.transport },
      timeColumn("ns", "time", (row) => row.ns), timeColumn("bare", bare, (row) => row.bare),
      { key: "best-way", title: "best way", number: false, value: (row) => row.best_transport ?? "" },
      timeColumn("best", "time", (row) => row.best), timeColumn("cost", "the way costs", (row) => row.cost),
      timeColumn("best-cost", "the best costs", (row) => row.best_cost),
      { key: "times", title: "ratio, at least", value: (row) => row.times, show: (row) => (row.times === null ? "" : factor(row.times)) }]);
  };
}

/** Which hosts there are. */
function hostList(body) {
  headed(body, "What runs the guests");
  fixed(body, "hosts", "Hosts of this run", [
    { key: "host", title: "host", header: true, number: false, value: (host) => host.name, show: (host) => (host.kind === "own" ? `${host.name} (weft's own)` : host.name) },
    { key: "engine", title: "engine", number: false, value: (host) => host.engine },
    { key: "version", title: "version", number: false, value: (host) => host.version },
    { key: "settings", title: "settings", number: false, prose: true, value: (host) => host.settings }], page.run.hosts.list, "");
}

/** The cells of other hosts that were not measured, those that share a reason in one row. */
function missingOnHosts(body) {
  const without = page.run.hosts.cells.filter((cell) => !cell.latency);
  if (without.length === 0) return;
  const why = (cell) => `${cell.host}\n${cell.status ?? "no figure"}\n${cell.reason ?? "no reason was recorded"}`;
  const rows = each(without, why).map((shared) => {
    const [host, status, reason] = shared.split("\n");
    const cells = without.filter((cell) => why(cell) === shared);
    // What a host cannot do is mostly the same for a transport; what failed is named.
    const names = status === "unsupported" ? each(cells, (cell) => cell.transport).map((transport) => `${cells.filter((cell) => cell.transport === transport).length} over ${transport}`)
      : cells.map((cell) => `${cell.message}/${cell.task}/${cell.codec}/${cell.transport}@${cell.host}`);
    return { host, status, reason, names, count: cells.length };
  });
  headed(body, "Not measured");
  fixed(body, "host-missing", `${count(without.length)} cells of other hosts without figures`, [
    { key: "host", title: "host", header: true, number: false, value: (row) => row.host },
    { key: "status", title: "status", number: false, value: (row) => row.status },
    { key: "reason", title: "why", number: false, prose: true, value: (row) => row.reason },
    { key: "count", title: "cells", value: (row) => row.count },
    { key: "names", title: "which", number: false, prose: true, value: (row) => row.names.join(", ") }], rows, "");
}
