// A chart's place in the page.

/** How wide charts are on paper: what a sheet has across, whatever the window has. */
const PAPER = 960;

const charts = [];

/** Whether charts are drawn for paper. */
let onPaper = false;

/** A chart that follows the width of the page; `draw(width)` gives its nodes. */
function chart() {
  const host = el("figure", { class: "chart" });
  let draw = () => [];
  let drawn = 0;
  const room = () => (onPaper ? PAPER : Math.max(300, Math.min(1080, host.clientWidth || drawn || 900)));
  const paint = () => {
    drawn = room();
    host.replaceChildren(...draw(drawn));
  };
  const fit = () => {
    if (drawn !== 0 && Math.abs(room() - drawn) > 8) paint();
  };
  charts.push(fit);
  // In the next frame: a chart that changes its height while sizes are observed is an error of the browser's.
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(host);
  return { element: host, update: (next) => { draw = next; paint(); } };
}

/** Draws all charts for paper, or for the window again. */
function fitCharts(paper) {
  onPaper = paper;
  charts.forEach((fit) => fit());
}
