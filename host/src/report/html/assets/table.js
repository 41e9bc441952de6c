// Tables that sort by any column. A column is
//   { key, title, value(row): number, text or null, show(row): text or node, paint(td, row), sub }
// where `number: false` sets it to the left, and `prose: true` lets it wrap.

const tables = new Map();

/**
 * A table; `update(rows)` fills it. `options.groups` keeps groups of rows apart: `{ of(row): number, name(row) }`.
 * `options.limit` shows so many rows until more are asked for.
 */
function table(id, caption, columns, options = {}) {
  const body = el("tbody");
  const more = el("p", { class: "more" });
  let rows = [];
  const heads = columns.map((column) => head(id, column));
  const refresh = () => {
    const order = sorting(id, columns);
    heads.forEach((th, place) => th.setAttribute("aria-sort", order.column === columns[place] ? order.word : "none"));
    fillRows(body, more, id, columns, sorted(rows, order, options.groups), options);
  };
  tables.set(id, refresh);
  const element = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", { id: `rows-${id}` }, el("caption", {}, el("span", {}, caption)), el("thead", {}, el("tr", {}, heads)), body));
  return { element: el("div", {}, element, more), update: (next) => { rows = next; refresh(); } };
}

function head(id, column) {
  const sort = () => {
    const now = state.get(`sort.${id}`);
    state.set({ [`sort.${id}`]: now === column.key ? `-${column.key}` : now === `-${column.key}` ? null : column.key });
  };
  const sub = column.sub ? el("small", {}, column.sub) : null;
  return el("th", { scope: "col", "data-key": column.key, class: column.number === false ? "text" : null },
    el("button", { type: "button", onclick: sort, title: `Sort by ${column.title}` }, sub, column.title));
}

/** Which column a table is sorted by, and which way. */
function sorting(id, columns) {
  const wanted = state.get(`sort.${id}`);
  const descending = wanted.startsWith("-");
  const column = columns.find((column) => column.key === (descending ? wanted.slice(1) : wanted)) ?? null;
  return { column, descending, word: descending ? "descending" : "ascending" };
}

/** The rows in order; those without a value are last either way. */
function sorted(rows, { column, descending }, groups) {
  const group = (row) => (groups ? groups.of(row) : 0);
  const compare = (a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    return (descending ? -1 : 1) * (typeof x === "string" ? x.localeCompare(y) : x - y);
  };
  return [...rows].sort((a, b) => group(a) - group(b) || (column ? compare(a, b) : 0));
}

function fillRows(body, more, id, columns, rows, options) {
  const limit = state.list("all").includes(id) ? Infinity : options.limit ?? Infinity;
  const items = [];
  let last = null;
  for (const row of rows.slice(0, limit)) {
    const group = options.groups?.name(row) ?? "";
    if (group && group !== last) {
      items.push(el("tr", { class: "group" }, el("th", { colspan: columns.length, scope: "rowgroup" }, group)));
    }
    last = group;
    items.push(el("tr", {}, columns.map((column) => cellOf(column, row))));
  }
  if (rows.length === 0) {
    items.push(el("tr", {}, el("td", { colspan: columns.length, class: "nothing" }, options.empty ?? "Nothing to show.")));
  }
  body.replaceChildren(...items);
  const hidden = rows.length - limit;
  const all = () => state.set({ all: [...state.list("all"), id].join(",") });
  more.replaceChildren(...(hidden > 0 ? [el("button", { type: "button", onclick: all }, `Show ${hidden} more rows`)] : []));
}

function cellOf(column, row) {
  const value = column.value(row);
  const shown = column.show ? column.show(row) : value === null ? "" : String(value);
  const td = el(column.header ? "th" : "td", {
    "data-value": value,
    scope: column.header ? "row" : null,
    class: column.prose ? "text prose" : typeof value === "string" || column.number === false ? "text" : null,
  }, shown);
  if (column.paint) column.paint(td, row);
  return td;
}

/** A table that opens behind a chart: filled only while it is open. */
function tableBehind(id, summary, columns, options) {
  const inside = table(id, summary, columns, options);
  const details = el("details", { id: `table-${id}`, class: "behind" }, el("summary", {}, `Table: ${summary}`), inside.element);
  let rows = () => [];
  let stale = true;
  const fill = () => {
    if (details.open && stale) { stale = false; inside.update(rows()); }
  };
  details.addEventListener("toggle", () => {
    const open = state.list("open").filter((other) => other !== id);
    state.set({ open: [...open, ...(details.open ? [id] : [])].join(",") || null });
    fill();
  });
  controls.push(() => { details.open = state.list("open").includes(id); fill(); });
  return {
    element: details,
    update: (next) => { rows = next; stale = true; details.open = state.list("open").includes(id); fill(); },
  };
}

/** Columns that most tables of cells begin with. */
const CELL_COLUMNS = [
  { key: "codec", title: "codec", value: (cell) => cell.codec.name, show: (cell) => codecName(cell.codec), header: true, number: false },
  { key: "transport", title: "transport", value: (cell) => cell.transport.name, number: false },
  { key: "isolation", title: "isolation", value: (cell) => cell.transport.isolation, number: false },
];

/** A column of times. */
function timeColumn(key, title, value) {
  return { key, title, value: (row) => value(row) ?? null, show: (row) => (value(row) === null || value(row) === undefined ? "" : time(value(row))) };
}

/** Median and interval. */
const LATENCY_COLUMNS = [
  { ...timeColumn("median", "median", (cell) => cell.latency?.[0]),
    show: (cell) => (cell.latency ? time(cell.latency[0]) : cell.status ?? "no figure") },
  timeColumn("low", "95 % from", (cell) => cell.latency?.[1]),
  timeColumn("high", "to", (cell) => cell.latency?.[2]),
];

/** What a cell costs beside its transport. */
const ABOVE_COLUMN = {
  ...timeColumn("above", "minus the floor", (cell) => cell.above),
  show: (cell) => (cell.above === 0 ? "≈ 0" : cell.above === undefined ? "" : time(cell.above)),
};
