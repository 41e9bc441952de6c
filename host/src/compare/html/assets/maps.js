// The heat maps: new/old by codec and transport, a map for each message and task.

const VALUES = [
  { value: "ratio", text: "new/old" },
  { value: "both", text: "new/old and both times" },
  { value: "interval", text: "new/old and its 95 % interval" },
];

/** A ratio beyond this, or below its reciprocal, has the strongest colour. */
const STRONGEST = 1.5;

function mapsSection(body) {
  const host = el("div", { class: "maps" });
  const behind = tableBehind("map-cells", "the cells of the maps", [...NAME_COLUMNS, ...TIME_COLUMNS, ...ROUNDS_COLUMNS, ...RATIO_COLUMNS, VERDICT_COLUMN]);
  body.append(el("div", { class: "row" }, select("value", "Show", () => VALUES)), host, mapLegend(), behind.element);
  return () => {
    const cells = shownCells();
    const workloads = new Map();
    for (const cell of cells) {
      const name = workload(cell);
      workloads.set(name, [...(workloads.get(name) ?? []), cell]);
    }
    // Those with the most codecs first: the floor's are many and say little.
    const maps = [...workloads.values()].sort((a, b) => codecsOf(b) - codecsOf(a));
    host.replaceChildren(...(cells.length > 0 ? maps.map((cells) => heatmap(cells, state.get("value"))) : [noCells()]));
    behind.update(() => cells);
  };
}

/** What the cells of a map share. */
function workload({ message, task, host }) {
  return host === OWN_HOST ? `${message} ${task}` : `${message} ${task} on ${host}`;
}

function codecsOf(cells) {
  return new Set(cells.map((cell) => cell.codec)).size;
}

/** A coloured table of cells that share message, task and host. */
function heatmap(cells, kind) {
  const { message, task, host } = cells[0];
  const transports = page.comparison.transports.filter(({ name }) => cells.some((cell) => cell.transport === name));
  const find = (codec, { name }) => cells.find((cell) => cell.codec === codec && cell.transport === name);
  const columns = [
    { key: "codec", title: "codec", header: true, number: false, value: (codec) => codec },
    ...transports.map((transport) => ({
      key: transport.name,
      title: transport.name,
      sub: transport.isolation,
      value: (codec) => find(codec, transport)?.ratio ?? null,
      show: (codec) => { const cell = find(codec, transport); return cell ? field(cell, kind) : ""; },
      paint: (td, codec) => colourField(td, find(codec, transport)),
    })),
  ];
  const inside = table(`map-${message}-${task}${host === OWN_HOST ? "" : `-${host}`}`, workload(cells[0]), columns);
  inside.element.classList.add("heatmap");
  inside.update(page.comparison.codecs.filter((codec) => cells.some((cell) => cell.codec === codec)));
  return inside.element;
}

function field(cell, kind) {
  const more = kind === "both" ? both(cell) : kind === "interval" ? interval(cell) : null;
  return [`${ratio(cell.ratio)} ${cell.verdict.sign}`.trim(), ...(more ? [el("small", {}, more)] : [])];
}

/** The place of a ratio on the scale, from 0 for faster to 1 for slower. */
function part(ratio) {
  return 0.5 + 0.5 * Math.max(-1, Math.min(1, Math.log(ratio) / Math.log(STRONGEST)));
}

function colourField(td, cell) {
  if (!cell) {
    td.className = "absent";
    return;
  }
  const [light, dark] = [page.colours.change_light, page.colours.change_dark].map((stops) => mixed(stops, part(cell.ratio)));
  td.style.background = `light-dark(rgb(${light.join(" ")}), rgb(${dark.join(" ")}))`;
  td.style.color = `light-dark(${ink(light)}, ${ink(dark)})`;
  td.className = ["slower", "faster"].includes(cell.verdict.key) ? "heat best" : "heat";
  td.title = `${cell.cell}: ${both(cell)}, 95 % from ${interval(cell)}, ${cell.verdict.word}`;
}

function mapLegend() {
  const stops = page.colours.change_light.map((light, place) => `light-dark(${light}, ${page.colours.change_dark[place]})`);
  const gradient = el("span", { class: "gradient", style: `background: linear-gradient(to right, ${stops.join(", ")})` });
  const signs = page.comparison.verdicts.filter(({ sign }) => sign).map(({ sign, word }) => `${sign} ${word}`);
  return el("div", { class: "legend-text" },
    el("div", { class: "scale" }, el("span", {}, `${ratio(1 / STRONGEST)}: faster`), gradient,
      el("span", {}, `slower: ${ratio(STRONGEST)}`)),
    el("p", {}, `${signs.length > 0 ? `${signs.join(", ")}. ` : ""}The ratio is ${page.comparison.relative}. The colour says how far it is from 1, by the logarithm; the sign says what is for certain.`));
}
