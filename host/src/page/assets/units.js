// Quantities as people read them: as report/units.rs writes them.

function threeDigits(value) {
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0);
}

/** A time in nanoseconds. */
function time(ns) {
  const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
  const [unit, name] = units.find(([unit]) => Math.abs(ns) >= unit) ?? units[3];
  return `${threeDigits(ns / unit)} ${name}`.replace("-", "−");
}

/** A size on an axis or in a crossover: two digits and the unit that fits. */
function size(bytes) {
  const units = [[1048576, "MiB"], [1024, "KiB"], [1, "B"]];
  const [unit, name] = units.find(([unit]) => bytes >= unit) ?? units[2];
  const value = bytes / unit;
  return `${value < 9.95 && value % 1 !== 0 ? value.toFixed(1) : value.toFixed(0)} ${name}`;
}

/** A number of bytes, in powers of 1024 where it is one. */
function bytes(value) {
  const exact = [[1048576, "MiB"], [1024, "KiB"]].find(([unit]) => value >= unit && value % unit === 0);
  return exact ? `${value / exact[0]} ${exact[1]}` : `${count(Math.round(value))} B`;
}

/** A count, with thin spaces between thousands. */
function count(value) {
  const shown = Number.isInteger(value) ? String(value) : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
  return shown.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A ratio. */
function factor(ratio) {
  return `${threeDigits(ratio)} ×`;
}
