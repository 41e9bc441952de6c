// Lines over size, both axes logarithmic, with intervals, names at their ends and crossovers.

/** Series `{ name, look, points: [{ x, y, low, high, title }] }`, without `low` and `high` of one round; crossings `{ x, y, text }`. */
function lines(series, crossings, width, label) {
  const points = series.flatMap((one) => one.points);
  const [xs, ys] = [logRange(points.map((point) => point.x)), logRange(points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]))];
  const names = Math.max(...series.map((one) => textWidth(one.name)));
  const ends = width < 560 ? 12 : names + 16;
  const frame = { left: 58, right: width - ends, top: 28, bottom: Math.min(420, Math.max(280, width * 0.5)) };
  const x = scale(...xs, frame.left, frame.right, true);
  const y = scale(...ys, frame.bottom, frame.top, true);
  const below = axisBelow(frame, x, byteTicks(x, Math.max(3, width / 80)), size, "payload of a message");
  const beside = axisBeside(frame, y, logTicks(y, 9), tickTime, "time of a message");
  const drawn = series.map((one) => line(one, x, y));
  const called = width < 560 ? [] : lineNames(series, frame, x, y);
  return picture(width, frame.bottom + 44, label, below, beside, drawn, called, crossed(crossings, frame, x, y));
}

function line(one, x, y) {
  const at = one.points.map((point) => [x.place(point.x), y.place(point.y)]);
  const path = at.map(([x, y], place) => `${place === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  const whiskers = one.points.filter((point) => point.low !== undefined).map((point) => `M${x.place(point.x)} ${y.place(point.low)}V${y.place(point.high)}`).join("");
  return svg("g", {},
    svg("path", { d: path, fill: "none", stroke: one.look.colour, "stroke-width": 2, "stroke-dasharray": one.look.dash }),
    svg("path", { d: whiskers, stroke: one.look.colour, "stroke-width": 1 }),
    one.points.map((point, place) => marker(one.look, at[place][0], at[place][1], point.title)));
}

/** The names of lines that end at the right, moved apart; the legend has all. */
function lineNames(series, frame, x, y) {
  const last = (one) => one.points[one.points.length - 1];
  const named = series.filter((one) => x.place(last(one).x) > frame.right - 60);
  const places = apart(named.map((one) => y.place(last(one).y)), 14, frame.top, frame.bottom);
  return named.map((one, place) => svg("text", { x: frame.right + 10, y: places[place] + 4, class: "label" }, one.name));
}

/** A ring at each crossover, its text below and to the right where it covers no other. */
function crossed(crossings, frame, x, y) {
  const taken = [];
  return crossings.map(({ x: bytes, y: ns, text }) => {
    const [cx, cy] = [x.place(bytes), y.place(ns)];
    const wide = textWidth(text);
    const left = Math.max(frame.left, Math.min(cx + 10, frame.right - wide));
    const up = cy + 24 > frame.bottom - 6;
    let ty = up ? cy - 16 : cy + 24;
    while (taken.some((other) => Math.abs(other.y - ty) < 15 && other.left < left + wide && left < other.left + other.wide)) ty += up ? -15 : 15;
    taken.push({ left, wide, y: ty });
    return svg("g", {},
      svg("circle", { cx, cy, r: 8, class: "crossing" }),
      svg("path", { d: `M${cx} ${cy + (up ? -8 : 8)}L${Math.max(cx, left)} ${up ? ty + 3 : ty - 10}`, class: "crossing" }),
      svg("text", { x: left, y: ty, class: "crossing" }, text));
  });
}
