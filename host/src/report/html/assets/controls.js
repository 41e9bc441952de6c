// The controls: each shows one key of the state.

const controls = [];

/** A list to choose from; `options()` gives value, text and optionally a group and whether it is off. */
function select(key, label, options) {
  const input = el("select", { id: `choose-${key}`, onchange: () => state.set({ [key]: input.value }) });
  const sync = () => {
    const groups = new Map();
    for (const option of options()) {
      const item = el("option", { value: option.value, disabled: option.off }, option.text);
      groups.set(option.group ?? "", [...(groups.get(option.group ?? "") ?? []), item]);
    }
    const children = [...groups].map(([group, items]) => (group ? [el("optgroup", { label: group }, items)] : items));
    input.replaceChildren(...children.flat());
    input.value = current(key);
  };
  controls.push(sync);
  sync();
  return el("label", {}, el("span", {}, label), input);
}

/** Boxes to tick; at least one stays ticked. */
function boxes(key, legend, names) {
  const inputs = names.map((name) => {
    const input = el("input", { type: "checkbox", value: name, id: `tick-${key}-${name}` });
    input.addEventListener("change", () => {
      const ticked = inputs.filter((other) => other.checked).map((other) => other.value);
      if (ticked.length === 0) input.checked = true;
      else state.set({ [key]: ticked.join(",") });
    });
    return input;
  });
  const sync = () => inputs.forEach((input) => { input.checked = state.list(key).includes(input.value); });
  controls.push(sync);
  sync();
  const labels = inputs.map((input) => el("label", {}, input, ` ${input.value}`));
  return el("fieldset", {}, el("legend", {}, legend), labels);
}

/** The value that a key has in effect: what the run does not have gives way. */
function current(key) {
  return key === "message" ? shown().message : key === "task" ? shown().task : state.get(key);
}

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
  const clear = el("button", { type: "button", id: "clear", onclick: () => state.set(Object.fromEntries(
    Object.keys(state.values).filter((key) => key !== "theme").map((key) => [key, null]))) }, "Reset the view");
  host.append(
    el("div", { class: "row" }, select("message", "Message", messages), select("task", "Task", tasks),
      select("validates", "Codec validates", () => validates), select("in-place", "reads in place", () => yesNo),
      select("schema", "has a schema", () => yesNo), boxes("isolation", "Isolation", classesOf(page.run)), clear),
  );
}
