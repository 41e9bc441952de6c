// How series look: a colour, a marker and a dash each, so that no two differ by colour alone.

const MARKERS = ["circle", "square", "triangle", "diamond", "cross", "down", "plus"];
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2"];

/** The look of the series at a place of its list. */
function look(place) {
  const colours = page.colours.series;
  return {
    colour: colours[place % colours.length],
    marker: MARKERS[place % MARKERS.length],
    dash: DASHES[place % DASHES.length],
  };
}

const OUTLINES = {
  square: "M-4-4H4V4H-4Z",
  triangle: "M0-5L5 4H-5Z",
  diamond: "M0-6L5 0L0 6L-5 0Z",
  cross: "M-4-4L4 4M4-4L-4 4",
  down: "M0 5L5-4H-5Z",
  plus: "M0-5V5M-5 0H5",
};

/** A series' marker at a place. */
function marker({ marker, colour }, x, y, title) {
  const about = title ? [svg("title", {}, title)] : [];
  const place = { transform: `translate(${x} ${y})`, class: "marker", fill: colour, stroke: colour };
  if (marker === "circle") return svg("circle", { ...place, r: 4.5 }, about);
  const open = marker === "cross" || marker === "plus";
  return svg("path", { ...place, d: OUTLINES[marker], class: open ? "marker open" : "marker" }, about);
}

/** Marker, line and name of each series. */
function legend(series) {
  return el("ul", { class: "legend" }, series.map((one) => el("li", {},
    svg("svg", { width: 34, height: 14, "aria-hidden": "true" },
      svg("line", { x1: 0, x2: 34, y1: 7, y2: 7, stroke: one.look.colour, "stroke-dasharray": one.look.dash, "stroke-width": one.lines === false ? 0 : 2 }),
      marker(one.look, 17, 7)),
    ` ${one.name}`)));
}
