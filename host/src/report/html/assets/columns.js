// The columns that several tables of cells have.

/** Columns that most tables of cells begin with. */
const CELL_COLUMNS = [
  { key: "codec", title: "codec", value: (cell) => cell.codec.name, show: (cell) => codecName(cell.codec), header: true, number: false },
  { key: "transport", title: "transport", value: (cell) => cell.transport.name, number: false },
  { key: "isolation", title: "isolation", value: (cell) => cell.transport.isolation, number: false },
];

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
