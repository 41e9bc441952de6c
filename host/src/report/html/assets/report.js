// The report: its sections and what stands above and below them.

const SECTIONS = [
  { id: "answer", title: "The answer", build: answerSection },
  { id: "matrix", title: "Codec × transport", of: workload, build: matrixSection },
  { id: "latency", title: "Latency with intervals", of: workload, build: latencySection },
  { id: "parts", title: "What the time is spent on", of: workload, build: partsSection },
  { id: "sizes", title: "Latency against size", build: sizesSection },
  { id: "copies", title: "Latency against copies", of: workload, build: copiesSection },
  { id: "tails", title: "Tails and the first message", of: workload, build: tailsSection },
  { id: "hosts", title: "Hosts", build: hostsSection, has: (run) => run.hosts !== undefined },
  { id: "cells", title: "Every cell", build: everySection },
  { id: "boundary", title: "The boundary", build: boundarySection },
  { id: "task-floor", title: "The tasks on plain values", build: taskFloorSection },
  { id: "limits", title: "Limits", build: limitsSection },
  { id: "codecs", title: "Codecs", build: codecsSection },
  { id: "missing", title: "Not measured", build: missingSection },
  { id: "rounds", title: "Rounds and calibrations", build: roundsSection },
  { id: "environment", title: "The run", build: environmentSection },
];

/** The message and task in effect, beside the title of what is of them. */
function workload() {
  const { message, task } = shown();
  const lost = [["message", message], ["task", task]].filter(([key, value]) => state.get(key) !== value).map(([key]) => state.get(key));
  const instead = lost.length > 0 ? ` (this run has no ${lost.join(" ")})` : "";
  return message ? `${message} ${task}${instead}` : "";
}

/** The view of a page without a fragment: the answer's first workload, or what the run has. */
function defaultsOf(run) {
  const { answer } = run;
  const has = (message, task) => run.cells.some((cell) => cell.message.name === message && cell.task.name === task);
  const first = answer.workloads.find(({ message }) => has(message, answer.task));
  const cell = run.cells.find((cell) => !cell.codec.floor) ?? run.cells[0];
  return {
    message: first?.message ?? cell?.message.name ?? "",
    task: first ? answer.task : cell?.task.name ?? "",
    value: "ns",
    isolation: classesOf(run).join(","),
    lines: lineChoices()[0]?.value ?? "",
    count: counted()[0]?.value ?? "",
  };
}

start((data) => {
  const run = loadRun(data);
  page.run = run;
  return {
    name: `run ${run.run.id}`,
    notes: run.notes,
    foot: ["Made from run.json by ", el("code", {}, run.run.report), "; measured by ", el("code", {}, run.run.command), "."],
    sections: SECTIONS.filter(({ has }) => has === undefined || has(run)),
    defaults: defaultsOf(run),
    controls: buildControls,
    prepare: rank,
  };
});
