// The columns that several tables of cells have.

/** Columns that most tables of cells begin with. */
const CELL_COLUMNS = [
  { key: "codec", title: "codec", value: (cell) => cell.codec.name, show: (cell) => codecName(cell.codec), header: true, number: false },
  { key: "transport", title: "transport", value: (cell) => cell.transport.name, number: false },
  { key: "isolation", title: "isolation", value: (cell) => cell.transport.isolation, number: false },
];

/** Time and interval. */
const LATENCY_COLUMNS = [
  { ...timeColumn("time", "time", (cell) => cell.latency?.[0]),
    show: (cell) => (cell.latency ? time(cell.latency[0]) : cell.status ?? "no figure") },
  ...intervalColumns((cell) => cell.latency),
];

/** The rank, and how probable a difference from the best like this one is where there is none. */
const RANK_COLUMNS = [
  { key: "rank", title: "rank", value: (cell) => cell.rank ?? null, show: rankMark, number: false },
  { key: "p", title: "adjusted p", value: (cell) => cell.p ?? null,
    show: (cell) => (cell.p === undefined ? "" : cell.p < 0.001 ? "< 0.001" : cell.p.toFixed(3)) },
];

/** What a cell costs beside its transport. */
const ABOVE_COLUMN = {
  ...timeColumn("above", "minus the floor", (cell) => cell.above),
  show: (cell) => (cell.above === 0 ? "≈ 0" : cell.above === undefined ? "" : time(cell.above)),
};
