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
  const limit = limitOf(id, options.limit);
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
  more.replaceChildren(...moreOf(id, rows.length, limit));
}

/** How many rows of a table or chart are shown until more are asked for. */
function limitOf(id, limit = Infinity) {
  return state.list("all").includes(id) ? Infinity : limit;
}

/** How many rows are shown of how many, and a button for the others; nothing where all are. */
function moreOf(id, rows, limit) {
  if (rows <= limit) return [];
  const all = () => state.set({ all: [...state.list("all"), id].join(",") });
  return [`${limit} of ${count(rows)} rows. `, el("button", { type: "button", onclick: all }, `Show ${count(rows - limit)} more rows`)];
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

/** A column of times. */
function timeColumn(key, title, value) {
  return { key, title, value: (row) => value(row) ?? null, show: (row) => (value(row) === null || value(row) === undefined ? "" : time(value(row))) };
}

/** A table that never changes. */
function fixed(body, id, caption, columns, rows, empty) {
  if (rows.length === 0) {
    body.append(nothing(empty));
    return () => {};
  }
  const inside = table(id, caption, columns);
  body.append(inside.element);
  inside.update(rows);
  return () => {};
}
