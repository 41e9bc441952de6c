// What figures are made of: rounds, placements, calm readings.

/** In words; empty where the run does not say. */
function madeText({ made }) {
  if (!made) return "";
  const [rounds, placements, calm, rate] = made;
  const parts = [
    `${rounds} round${rounds === 1 ? "" : "s"}`,
    placements === null ? null : `${count(placements)} placements`,
    calm === null ? null : `${calm} of the readings calm`,
    rate === null ? null : `${Math.floor(100 * rate)} % of the samples`,
  ];
  return parts.filter((part) => part).join(", ");
}

/** A time `[value, low, high]` with its interval, or that it is of one round. */
function timeText([value, low, high]) {
  return `${time(value)}, ${low === undefined ? "1 round" : `95 % from ${time(low)} to ${time(high)}`}`;
}

/** Time, interval and what they are made of: what is said of a cell that is pointed at. */
function cellText(cell) {
  return [timeText(cell.latency), madeText(cell)].filter((part) => part).join("; ");
}

/** The columns of an interval of `of(row)`, `[value, low, high]`; `1 round` where there is none. */
function intervalColumns(of) {
  const alone = (row) => of(row) !== undefined && of(row)[1] === undefined;
  const low = timeColumn("low", "95 % from", (row) => of(row)?.[1]);
  return [{ ...low, show: (row) => (alone(row) ? "1 round" : low.show(row)) }, timeColumn("high", "to", (row) => of(row)?.[2])];
}

/** Columns of what rows are made of. */
const MADE_COLUMNS = [
  { key: "rounds", title: "rounds", value: (row) => row.made?.[0] ?? null },
  { key: "placements", title: "placements", value: (row) => row.made?.[1] ?? null },
  { key: "calm", title: "calm", value: (row) => row.made?.[2] ?? null },
  { key: "calm-rate", title: "samples calm", value: (row) => row.made?.[3] ?? null,
    show: (row) => (typeof row.made?.[3] === "number" ? `${Math.floor(100 * row.made[3])} %` : "") },
];
