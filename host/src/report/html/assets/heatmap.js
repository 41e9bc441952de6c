// The matrix: codec × transport, coloured by the figure.

const VALUES = [
  { value: "ns", text: "time" },
  { value: "ratio", text: "ratio to the best" },
  { value: "above", text: "minus the floor" },
];

/** What a cell shows under the value that is chosen; null where it has none. */
function figure(cell, kind) {
  return (kind === "ratio" ? cell.ratio : kind === "above" ? cell.above : cell.latency?.[0]) ?? null;
}

function shownFigure(cell, kind) {
  const value = figure(cell, kind);
  if (value === null) return cell.status ?? (cell.latency ? (kind === "above" ? "no floor" : "–") : "no figure");
  return kind === "ratio" ? factor(value) : kind === "above" && value === 0 ? "≈ 0" : time(value);
}

function matrixSection(body) {
  const host = el("div");
  const behind = tableBehind("matrix-cells", "the cells of the matrix", [...CELL_COLUMNS, ...LATENCY_COLUMNS,
    { key: "ratio", title: "to the best", value: (cell) => cell.ratio ?? null, show: (cell) => (cell.ratio ? factor(cell.ratio) : "") },
    ABOVE_COLUMN,
    { key: "wire", title: "wire", value: (cell) => cell.wire ?? null, show: (cell) => (cell.wire ? bytes(cell.wire) : "") },
    { key: "reason", title: "why not", value: (cell) => missing(page.run, cell), number: false, prose: true }]);
  body.append(el("div", { class: "row" }, select("value", "Show", () => VALUES)), host, behind.element);
  return () => {
    const cells = shownCells();
    host.replaceChildren(...(cells.length > 0 ? heatmap(cells, state.get("value")) : [noCells()]));
    behind.update(() => [...cells].sort(byRank));
  };
}

/** The shortest time of a codec among cells, in nanoseconds; Number.MAX_VALUE where it has none. */
function bestOf(cells, codec) {
  return Math.min(Number.MAX_VALUE, ...cells.filter((cell) => cell.codec === codec && cell.latency).map((cell) => cell.latency[0]));
}

/** A coloured table with its legend, of cells that share message and task. */
function heatmap(cells, kind) {
  const codecs = [...new Set(cells.map((cell) => cell.codec))].sort((a, b) => leagueOf(a) - leagueOf(b) || bestOf(cells, a) - bestOf(cells, b) || a.name.localeCompare(b.name));
  const transports = page.run.transports.filter((transport) => cells.some((cell) => cell.transport === transport));
  const find = (codec, transport) => cells.find((cell) => cell.codec === codec && cell.transport === transport);
  const paint = colouring(cells.map((cell) => figure(cell, kind)));
  const columns = [
    { key: "codec", title: "codec", header: true, number: false, value: (codec) => codec.name, show: codecName },
    { key: "wire", title: "wire", value: (codec) => cells.find((cell) => cell.codec === codec && cell.wire)?.wire ?? null,
      show: (codec) => bytes(cells.find((cell) => cell.codec === codec && cell.wire)?.wire ?? 0).replace(/^0 B$/, "") },
    { key: "code", title: "code", value: (codec) => codec.traits?.code ?? null, show: (codec) => (codec.traits?.code ? `${(codec.traits.code / 1024).toFixed(1)} KiB` : "") },
    ...transports.map((transport) => ({
      key: transport.name,
      title: transport.name,
      sub: transport.isolation,
      value: (codec) => { const cell = find(codec, transport); return cell ? figure(cell, kind) : null; },
      show: (codec) => { const cell = find(codec, transport); return cell ? `${shownFigure(cell, kind)} ${rankMark(cell)}`.trim() : ""; },
      paint: (td, codec) => colourCell(td, find(codec, transport), kind, paint),
    })),
  ];
  const { message, task } = cells[0];
  const payload = message.payload ? `, ${bytes(message.payload)} of payload` : "";
  const what = VALUES.find((value) => value.value === kind)?.text ?? "time";
  const inside = table("matrix", `${message.name} ${task.name}${payload}: ${what}`, columns, { groups: { of: leagueOf, name: leagueName } });
  inside.element.classList.add("heatmap");
  inside.update(codecs);
  return [inside.element, heatLegend(paint, kind)];
}

/** From figures to colours, by the logarithm. */
function colouring(figures) {
  const positive = figures.filter((value) => value > 0);
  const [low, high] = positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [1, 1];
  const stops = page.colours.heat;
  const part = (value) => (high > low ? Math.min(1, Math.max(0, Math.log(Math.max(value, low) / low) / Math.log(high / low))) : 0);
  return { low, high, some: positive.length > 0, colour: (value) => mixed(stops, part(value)) };
}

function colourCell(td, cell, kind, paint) {
  const value = cell ? figure(cell, kind) : null;
  if (value === null) {
    td.className = cell ? "without" : "absent";
    if (cell) td.title = missing(page.run, cell) ?? "this run has no floor for its transport";
    return;
  }
  const colour = paint.colour(value);
  td.style.background = `rgb(${colour.join(" ")})`;
  td.style.color = ink(colour);
  td.className = cell.rank ? "heat best" : "heat";
  td.title = `${pairName(cell)}: ${cellText(cell)}`;
}

function heatLegend(paint, kind) {
  const show = kind === "ratio" ? factor : time;
  const gradient = `linear-gradient(to right, ${page.colours.heat.join(", ")})`;
  const scale = paint.some ? [el("span", {}, show(paint.low)), el("span", { class: "gradient", style: `background: ${gradient}` }), el("span", {}, show(paint.high))] : [];
  const best = kind === "ratio" ? " The ratio is to the best of the same isolation class and league, of what is shown." : "";
  const floor = kind === "above" ? " The floor of the same transport at the cell's wire size is subtracted; ≈ 0: not told from the floor, round by round." : "";
  return el("div", { class: "legend-text" }, el("div", { class: "scale" }, scale),
    el("p", {}, `${marksText()} † and ‡ are ranked apart.${best}${floor}`.trim()));
}
