// What tells two cells apart: trimmed means of per-round differences, Student's t and Holm's correction. As
// statistics/trimmed.rs, student.rs and holm.rs have them, with their sources.

/** Two cells are told apart where Holm's adjusted p-value is at most this. */
const ALPHA = 0.05;

/** The 20 % trimmed mean of some values, with Yuen's variance; null of fewer than two. */
function trimmedMean(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const off = Math.floor(sorted.length / 5);
  const left = sorted.slice(off, sorted.length - off);
  const h = left.length;
  if (h < 2) return null;
  const total = (list) => list.reduce((sum, value) => sum + value, 0);
  const winsorized = sorted.map((value) => Math.min(Math.max(value, left[0]), left[h - 1]));
  const middle = total(winsorized) / winsorized.length;
  const squares = total(winsorized.map((value) => (value - middle) ** 2));
  return { mean: total(left) / h, variance: squares / (h * (h - 1)), freedom: h - 1 };
}

/**
 * How probable a t at least as far from 0 is, with a whole number of degrees of freedom: Abramowitz & Stegun, Handbook of
 * Mathematical Functions, 26.7.3 and 26.7.4.
 */
function twoSided(t, freedom) {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2;
  let term = odd ? cosine : 1;
  let sum = freedom > 1 ? term : 0;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= (cosine ** 2 * (k - 1)) / k;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return Math.min(1, Math.max(0, 1 - within));
}

/** How probable a mean at least as far from 0 is where it is 0 in truth. */
function pValue({ mean, variance, freedom }) {
  if (variance > 0) return twoSided(mean / Math.sqrt(variance), freedom);
  return mean === 0 ? 1 : 0;
}

/** The p-values adjusted for their number, in the given order. */
function holm(values) {
  const order = values.map((_, place) => place).sort((a, b) => values[a] - values[b]);
  const adjusted = [];
  let least = 0;
  order.forEach((place, rank) => {
    least = Math.min(1, Math.max(least, (values.length - rank) * values[place]));
    adjusted[place] = least;
  });
  return adjusted;
}

/** The same mean, whose variance is known to be at least that of `placed`, with degrees of freedom of its own. */
function atLeast(mean, [variance, freedom]) {
  return variance > mean.variance ? { ...mean, variance, freedom: mean.freedom + freedom } : mean;
}

/**
 * What the placements of two cells give their difference, and its degrees of freedom: of the differences of placements of one
 * number, in rounds in which all were calm. Null where the run does not tell.
 */
function placedOf(a, b) {
  let [squares, freedom, count] = [0, 0, 0];
  const calm = (placed) => (Array.isArray(placed) ? placed.length : placed);
  (a.placed ?? []).forEach((one, round) => {
    const other = b.placed?.[round] ?? null;
    if (one === null || other === null) return;
    count += Math.min(calm(one), calm(other));
    if (!Array.isArray(one) || !Array.isArray(other)) return;
    const apart = one.slice(0, other.length).map((ns, place) => ns - other[place]);
    const middle = apart.reduce((sum, value) => sum + value, 0) / apart.length;
    if (apart.length > 1) squares += apart.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    freedom += Math.max(0, apart.length - 1);
  });
  return freedom > 0 && count > 0 ? [squares / freedom / count, freedom] : null;
}

/** How two cells differ: the trimmed mean over the rounds that both have; null of fewer than two. */
function paired(a, b) {
  const has = (log) => log !== null && log !== undefined;
  const mean = trimmedMean((a.logs ?? []).map((log, round) => [log, b.logs?.[round]]).filter(([log, other]) => has(log) && has(other)).map(([log, other]) => log - other));
  const placed = placedOf(a, b);
  return mean && placed ? atLeast(mean, placed) : mean;
}

/** Compares the two cells of each of some pairs, all at once: for each pair its difference and its adjusted `p`, or null. */
function comparedPairs(pairs) {
  const differences = pairs.map(([one, other]) => paired(one, other));
  const adjusted = holm(differences.filter((difference) => difference).map(pValue));
  return differences.map((difference) => (difference ? { mean: difference.mean, p: adjusted.shift() } : null));
}
