// A chart's place in the page.

/** A chart that follows the width of the page; `draw(width)` gives its nodes. */
function chart() {
  const host = el("figure", { class: "chart" });
  let draw = () => [];
  let drawn = 0;
  const paint = () => {
    drawn = Math.max(300, Math.min(1080, host.clientWidth || 900));
    host.replaceChildren(...draw(drawn));
  };
  // In the next frame: a chart that changes its height while sizes are observed is an error of the browser's.
  const again = () => requestAnimationFrame(() => {
    const width = Math.max(300, Math.min(1080, host.clientWidth || drawn));
    if (drawn !== 0 && Math.abs(width - drawn) > 8) paint();
  });
  new ResizeObserver(again).observe(host);
  return { element: host, update: (next) => { draw = next; paint(); } };
}
