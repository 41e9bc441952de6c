// The page: its sections, drawn when they are looked at, the rest while the browser has nothing to do.

/** What the sections share. */
const page = { run: null };

/** A section's `build(body)` makes its controls and places once and returns what draws it for the view. */
const SECTIONS = [
  { id: "answer", title: "The answer", build: answerSection },
  { id: "matrix", title: "Codec × transport", build: matrixSection },
  { id: "latency", title: "Latency with intervals", build: latencySection },
  { id: "parts", title: "What the time is spent on", build: partsSection },
  { id: "sizes", title: "Latency against size", build: sizesSection },
  { id: "copies", title: "Latency against copies", build: copiesSection },
  { id: "tails", title: "Tails and the first message", build: tailsSection },
  { id: "cells", title: "Every cell", build: everySection },
  { id: "boundary", title: "The boundary", build: boundarySection },
  { id: "task-floor", title: "The tasks on plain values", build: taskFloorSection },
  { id: "limits", title: "Limits", build: limitsSection },
  { id: "codecs", title: "Codecs", build: codecsSection },
  { id: "missing", title: "Not measured", build: missingSection },
  { id: "environment", title: "The run", build: environmentSection },
];

/** Those of one message and task say which. */
const OF_WORKLOAD = ["matrix", "latency", "parts", "copies", "tails"];

const sections = SECTIONS.map((section) => ({ ...section, draw: null, stale: true, near: false }));

function placeSections(main) {
  for (const section of sections) {
    section.workload = el("small", {});
    section.body = el("div", { class: "pending" });
    section.element = el("section", { id: section.id, "aria-labelledby": `title-${section.id}` },
      el("h2", { id: `title-${section.id}` }, section.title, " ", section.workload), section.body);
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
  const own = ["theme", "open", "all", "at"];
  if (keys.some((key) => !own.includes(key) && !key.startsWith("sort."))) {
    sections.forEach((section) => { section.stale = true; });
    showWorkload();
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

function showTheme() {
  document.documentElement.dataset.theme = state.get("theme");
}

function showWorkload() {
  const { message, task } = shown();
  const lost = [["message", message], ["task", task]].filter(([key, value]) => state.get(key) !== value).map(([key]) => state.get(key));
  const instead = lost.length > 0 ? ` (this run has no ${lost.join(" ")})` : "";
  for (const section of sections.filter(({ id }) => OF_WORKLOAD.includes(id))) {
    section.workload.textContent = message ? `${message} ${task}${instead}` : "";
  }
}

/** The view of a page without a fragment: the answer's first workload, or what the run has. */
function defaultsOf(run) {
  const { answer } = run;
  const has = (message, task) => run.cells.some((cell) => cell.message.name === message && cell.task.name === task);
  const workload = answer.workloads.find(({ message }) => has(message, answer.task));
  const first = run.cells.find((cell) => !cell.codec.floor) ?? run.cells[0];
  return {
    theme: "auto",
    at: "",
    message: workload?.message ?? first?.message.name ?? "",
    task: workload ? answer.task : first?.task.name ?? "",
    value: "ns",
    isolation: classesOf(run).join(","),
    lines: lineChoices()[0]?.value ?? "",
    count: counted()[0]?.value ?? "",
  };
}

function showHead(run) {
  document.getElementById("run-name").textContent = `run ${run.run.id}`;
  const themes = ["auto", "light", "dark"].map((value) => ({ value, text: value }));
  document.getElementById("appearance").append(select("theme", "Colours", () => themes));
  document.getElementById("notes").append(...run.notes.map((note) => el("li", {}, note)));
  const contents = SECTIONS.map(({ id, title }) => viewLink({ at: id }, {}, title));
  document.getElementById("contents").append(...contents);
  document.getElementById("whole").append(viewLink({ only: null }, {}, "The whole page"));
  document.getElementById("foot").append("Made from run.json by ", el("code", {}, `cargo weft report ${run.run.id}`),
    "; measured by ", el("code", {}, run.run.command), ".");
}

function start() {
  page.run = loadRun(JSON.parse(document.getElementById("data").textContent));
  state.defaults = defaultsOf(page.run);
  state.read();
  showTheme();
  showHead(page.run);
  buildControls(document.getElementById("controls"));
  placeSections(document.getElementById("main"));
  showOnly();
  showWorkload();
  state.listeners.push(changed);
  writeLinks();
  drawNear();
  goTo();
  drawNear();
  addEventListener("click", followAgain);
  addEventListener("hashchange", () => state.read());
  addEventListener("scroll", drawNear, { passive: true });
  addEventListener("beforeprint", () => sections.forEach(drawSection));
  document.documentElement.dataset.readyMs = performance.now().toFixed(0);
  later(drawIdly);
}

start();
