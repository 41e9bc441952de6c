// The controls: each shows one key of the state.

const controls = [];

/**
 * A list to choose from; `options()` gives value, text and optionally a group and whether it is off. `now()` is the
 * value in effect, where it is not always the state's.
 */
function select(key, label, options, now = () => state.get(key)) {
  const input = el("select", { id: `choose-${key}`, onchange: () => state.set({ [key]: input.value }) });
  const sync = () => {
    const groups = new Map();
    for (const option of options()) {
      const item = el("option", { value: option.value, disabled: option.off }, option.text);
      groups.set(option.group ?? "", [...(groups.get(option.group ?? "") ?? []), item]);
    }
    const children = [...groups].map(([group, items]) => (group ? [el("optgroup", { label: group }, items)] : items));
    input.replaceChildren(...children.flat());
    input.value = now();
  };
  controls.push(sync);
  sync();
  return el("label", {}, el("span", {}, label), input);
}

/** Boxes to tick, of a value and a text each; at least one stays ticked. */
function boxes(key, legend, options) {
  const inputs = options.map(({ value }) => {
    const input = el("input", { type: "checkbox", value, id: `tick-${key}-${value}` });
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
  const labels = inputs.map((input, place) => el("label", {}, input, ` ${options[place].text}`));
  return el("fieldset", {}, el("legend", {}, legend), labels);
}

/** Takes the view back to what a page without a fragment shows, but for its colours. */
function resetButton() {
  const reset = () => state.set(Object.fromEntries(Object.keys(state.values).filter((key) => key !== "theme").map((key) => [key, null])));
  return el("button", { type: "button", id: "clear", onclick: reset }, "Reset the view");
}
