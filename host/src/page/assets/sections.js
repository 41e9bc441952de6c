// The page: its sections, drawn when they are looked at, the rest while the browser has nothing to do.

/** What the scripts of a page share: the colours of charts, and what a page's own script adds. */
const page = { colours: null };

/** The page's sections, in order. */
const sections = [];

/** Tells a page's own script which keys of the view have changed, before anything is drawn. */
let prepare = () => {};

function placeSections(main, definitions) {
  for (const definition of definitions) {
    const section = { ...definition, draw: null, stale: true };
    section.subtitle = el("small", {});
    section.body = el("div", { class: "pending" });
    section.element = el("section", { id: section.id, "aria-labelledby": `title-${section.id}` },
      el("h2", { id: `title-${section.id}` }, section.title, " ", section.subtitle), section.body);
    sections.push(section);
    main.append(section.element);
  }
}

function drawSection(section) {
  if (!section.stale) return;
  section.stale = false;
  if (!section.draw) {
    section.body.classList.remove("pending");
    section.draw = section.build(section.body);
  }
  section.draw();
}

/** Draws what is near the part that is looked at. */
function drawNear() {
  for (const section of sections) {
    const box = section.element.getBoundingClientRect();
    if (box.top < innerHeight + 200 && box.bottom > -200) drawSection(section);
  }
}

/** Goes to the element that a link names. What is above it is drawn first, so that it stays in its place. */
function goTo() {
  const target = document.getElementById(state.get("at"));
  if (!target) return;
  const place = sections.findIndex((section) => section.element === target);
  sections.slice(0, place + 1).forEach(drawSection);
  target.scrollIntoView({ block: "start" });
  // The keyboard goes on from there.
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

/** A link to the view that is there already changes no fragment, and still goes to its place. */
function followAgain(event) {
  const link = event.target.closest?.("a[data-view]");
  if (link && link.getAttribute("href") === location.hash) goTo();
}

/** Draws one of the others, and comes back for the next. */
function drawIdly() {
  const next = sections.find((section) => section.stale);
  if (!next) {
    document.documentElement.dataset.drawnMs ??= performance.now().toFixed(0);
    // How high a picture of what is shown must be: docs/pictures.sh reads it.
    document.documentElement.dataset.height = Math.ceil(document.getElementById("main").getBoundingClientRect().bottom + scrollY);
    return;
  }
  drawSection(next);
  later(drawIdly);
}

/** After what the reader does. */
const later = (work) => setTimeout(work, 20);

/** Takes changes of the view. */
function changed(keys) {
  if (keys.includes("theme")) showTheme();
  if (keys.includes("only")) showOnly();
  controls.forEach((sync) => sync());
  for (const key of keys.filter((key) => key.startsWith("sort."))) tables.get(key.slice(5))?.();
  if (keys.includes("all")) tables.forEach((refresh) => refresh());
  const own = ["theme", "open", "at"];
  if (keys.some((key) => !own.includes(key) && !key.startsWith("sort."))) {
    sections.forEach((section) => { section.stale = true; });
    prepare();
    showSubtitles();
    drawNear();
    later(drawIdly);
  }
  writeLinks();
  if (keys.includes("at")) goTo();
}

/** Shows some sections alone, where the view names them. */
function showOnly() {
  const only = state.list("only").filter((id) => sections.some((section) => section.id === id));
  for (const section of sections) section.element.hidden = only.length > 0 && !only.includes(section.id);
  for (const id of ["top", "contents", "controls"]) document.getElementById(id).hidden = only.length > 0;
  document.getElementById("whole").hidden = only.length === 0;
}

/** Tells the style how high the controls are: they take more lines where the page is narrow. */
function measureControls() {
  const height = document.getElementById("controls").offsetHeight;
  document.documentElement.style.setProperty("--controls", `${height}px`);
}

function showTheme() {
  document.documentElement.dataset.theme = state.get("theme");
}

/** Beside the titles: what of the data their sections show. */
function showSubtitles() {
  for (const section of sections) section.subtitle.textContent = section.of?.() ?? "";
}

function showHead({ name, notes, foot }) {
  document.getElementById("name").textContent = name;
  const themes = ["auto", "light", "dark"].map((value) => ({ value, text: value }));
  document.getElementById("appearance").append(select("theme", "Colours", () => themes));
  document.getElementById("notes").append(...notes.map((note) => el("li", {}, note)));
  const contents = sections.map(({ id, title }) => viewLink({ at: id }, {}, title));
  document.getElementById("contents").append(...contents);
  document.getElementById("whole").append(viewLink({ only: null }, {}, "The whole page"));
  document.getElementById("foot").append(...foot);
}

/**
 * Starts a page. `describe(data)` takes the data and returns
 *   name, notes, foot   what stands beside "weft", what a reader must know first, and what is said last
 *   sections            `{ id, title, of(), build(body) }`: `of` says what of the data it shows, where that depends on
 *                       the view; `build` makes controls and places once, and returns what draws it for the view
 *   defaults            the view of a page without a fragment
 *   controls(host)      fills the head's controls
 *   prepare()           is called whenever what is shown has changed, before it is drawn
 */
function start(describe) {
  const content = JSON.parse(document.getElementById("data").textContent);
  page.colours = content.colours;
  const described = describe(content.data);
  prepare = described.prepare ?? prepare;
  state.defaults = { theme: "auto", at: "", ...described.defaults };
  state.read();
  showTheme();
  prepare();
  placeSections(document.getElementById("main"), described.sections);
  showHead(described);
  described.controls(document.getElementById("controls"));
  showOnly();
  measureControls();
  new ResizeObserver(measureControls).observe(document.getElementById("controls"));
  showSubtitles();
  state.listeners.push(changed);
  writeLinks();
  drawNear();
  goTo();
  drawNear();
  addEventListener("click", followAgain);
  addEventListener("hashchange", () => state.read());
  addEventListener("scroll", drawNear, { passive: true });
  addEventListener("beforeprint", () => { sections.forEach(drawSection); fitCharts(true); });
  addEventListener("afterprint", () => fitCharts(false));
  document.documentElement.dataset.readyMs = performance.now().toFixed(0);
  later(drawIdly);
}
