// What is shown: the message and task in effect, and the filter of codecs and transports.

/** The message and task in effect. */
function shown() {
  const run = page.run;
  const known = run.messages.some((message) => message.name === state.get("message"));
  const message = known ? state.get("message") : state.defaults.message;
  const tasks = tasksOf(message);
  const task = [state.get("task"), state.defaults.task].find((name) => tasks.includes(name)) ?? tasks[0] ?? "";
  return { message, task };
}

/** The tasks that a run has of a message. */
function tasksOf(message) {
  const cells = page.run.cells.filter((cell) => cell.message.name === message);
  return page.run.tasks.map((task) => task.name).filter((name) => cells.some((cell) => cell.task.name === name));
}

/** Whether a codec and a transport pass the filter. */
function passes(cell) {
  return passesCodec(cell.codec) && state.list("isolation").includes(cell.transport.isolation);
}

function passesCodec(codec) {
  const is = (wanted, value) => wanted === "" || (value !== undefined && wanted === (value ? "yes" : "no"));
  const validates = state.get("validates");
  const when = codec.traits?.validates;
  const checks = validates === "" || validates === when || (validates === "yes" && when !== undefined && when !== "none");
  return checks && is(state.get("in-place"), codec.traits?.in_place) && is(state.get("schema"), codec.traits?.schema);
}

/** The cells of the message and task in effect that pass the filter. */
function shownCells() {
  const { message, task } = shown();
  return page.run.cells.filter((cell) => cell.message.name === message && cell.task.name === task && passes(cell));
}

/** Says why there are no cells, and offers the way back. */
function noCells() {
  const { message, task } = shown();
  if (page.run.cells.length === 0) return nothing("This run has no cells.");
  const back = { validates: null, "in-place": null, schema: null, isolation: null };
  return el("p", { class: "nothing" }, `No cell of ${message} ${task} passes the filter. `, viewLink(back, {}, "Clear the filter"), ".");
}

/** All controls of the page's head. */
function buildControls(host) {
  const any = { value: "", text: "any" };
  const yesNo = [any, { value: "yes", text: "yes" }, { value: "no", text: "no" }];
  const messages = () => page.run.messages.map((message) => ({
    value: message.name,
    text: message.payload ? `${message.name} (${bytes(message.payload)})` : message.name,
    group: message.floor ? "floor only" : "messages",
  }));
  const tasks = () => {
    const there = tasksOf(shown().message);
    return page.run.tasks.map(({ name }) => ({ value: name, text: name, off: !there.includes(name) }));
  };
  const validates = [any, { value: "yes", text: "yes" }, { value: "up front", text: "up front" },
    { value: "lazily", text: "lazily" }, { value: "none", text: "no" }];
  const classes = classesOf(page.run).map((name) => ({ value: name, text: name }));
  host.append(
    el("div", { class: "row" }, select("message", "Message", messages, () => shown().message), select("task", "Task", tasks, () => shown().task),
      select("validates", "Codec validates", () => validates), select("in-place", "reads in place", () => yesNo),
      select("schema", "has a schema", () => yesNo), boxes("isolation", "Isolation", classes), resetButton()),
  );
}
