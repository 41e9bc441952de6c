// The columns that several tables have.

const nameColumn = (key) => ({ key, title: key, value: (cell) => cell[key], number: false });

const NAME_COLUMNS = [...["message", "task", "codec"].map(nameColumn), { ...nameColumn("transport"), value: way }, nameColumn("isolation")];

const ratioColumn = (key, title) => ({ key, title, value: (row) => row[key], show: (row) => ratio(row[key]) });

/** The ratio and its interval: of a cell or of a mean. */
const RATIO_COLUMNS = [ratioColumn("ratio", "new/old"), ratioColumn("low", "95 % from"), ratioColumn("high", "to")];

const TIME_COLUMNS = [timeColumn("old", "old", (cell) => cell.old_ns), timeColumn("new", "new", (cell) => cell.new_ns)];

const VERDICT_COLUMN = { key: "verdict", title: "verdict", number: false, value: (cell) => cell.verdict.key,
  show: (cell) => `${cell.verdict.sign} ${cell.verdict.word}`.trim() };
