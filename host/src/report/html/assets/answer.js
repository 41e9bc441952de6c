// The answer: the best choice by isolation class and workload, and what isolation costs.

function answerSection(body) {
  const { answer } = page.run;
  const columns = [
    { key: "isolation", title: "isolation", header: true, number: false, value: (row) => row.isolation ?? "today",
      show: (row) => (row.times ? [el("span", {}, "today"), el("small", {}, row.what)]
        : [el("strong", {}, row.isolation), el("small", {}, row.what)]) },
    ...answer.workloads.map((workload, place) => ({
      key: workload.message,
      title: workload.what,
      number: false,
      sub: workload.message,
      value: (row) => (row.times ? row.times[place]?.[0] : row.choices[place]?.ns) ?? null,
      show: (row) => (row.times ? usedToday(row.times[place]) : choice(row.choices[place], workload)),
    })),
  ];
  const inside = table("answer", answer.title, columns);
  body.append(inside.element, ...answer.ways.map((way) => el("p", {}, way)), el("p", { class: "legend-text" },
    `Of the whole run, whatever the filter leaves out.${page.run.tells ? " ≈: not told apart from the best." : ""} Without isolation: the same codec where nothing is isolated. † Where it is faster: a codec whose producer keeps its value in the outbox and encodes nothing.${answer.today.length ? " Today: what platforms do, and how many times the best at full isolation that takes." : ""}`));
  inside.update([...answer.rows, ...answer.today]);
  return () => {};
}

function usedToday(found) {
  if (!found) return el("span", { class: "nothing" }, "not in this run");
  const [ns, times] = found;
  return [time(ns), times === null ? null : el("small", {}, `${factor(times)} the best at full isolation`)];
}

function choice(found, workload) {
  if (!found) return el("span", { class: "nothing" }, "not in this run");
  const view = { message: workload.message, task: page.run.answer.task, at: "matrix" };
  const cost = found.cost === null ? null : el("small", {}, `${factor(found.cost)} the time without isolation`);
  const resident = found.resident ? el("small", {}, `† ${found.resident[0]}: ${found.resident[1]}`) : null;
  const link = viewLink(view, { class: "view", title: "Show its matrix" }, time(found.ns));
  return [el("span", { class: "choice" }, el("strong", {}, found.codecs), ` over ${found.transport}`), link, cost, resident];
}
