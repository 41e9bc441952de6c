// The columns that several tables have.

const nameColumn = (key) => ({ key, title: key, value: (cell) => cell[key], number: false });

const NAME_COLUMNS = [...["message", "task", "codec"].map(nameColumn), { ...nameColumn("transport"), value: way }, nameColumn("isolation")];

const ratioColumn = (key, title) => ({ key, title, value: (row) => row[key] ?? null, show: (row) => (row[key] === undefined ? "" : ratio(row[key])) });

/** The ratio and its interval: of a cell or of a mean. */
const RATIO_COLUMNS = [ratioColumn("ratio", "new/old"), ratioColumn("low", "95 % from"), ratioColumn("high", "to")];

const TIME_COLUMNS = [timeColumn("old", "old", (cell) => cell.old_ns), timeColumn("new", "new", (cell) => cell.new_ns)];

/** The ratio that is not relative to anything. */
const ABSOLUTE_COLUMN = ratioColumn("absolute_ratio", "absolute");

/** How many rounds a figure of each run is made of. */
const ROUNDS_COLUMNS = ["old", "new"].map((side) => ({ key: `${side}_rounds`, title: side, sub: "rounds", value: (row) => row[`${side}_rounds`] }));

const VERDICT_COLUMN = { key: "verdict", title: "verdict", number: false, value: (cell) => cell.verdict.key,
  show: (cell) => `${cell.verdict.sign} ${cell.verdict.word}`.trim() };
