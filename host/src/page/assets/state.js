// What is shown, kept in the URL's fragment, so that a view can be linked: `#message=log@1&task=own`.

const state = {
  values: {},
  defaults: {},
  listeners: [],

  /** The value of a key. */
  get(key) {
    return this.values[key] ?? this.defaults[key] ?? "";
  },

  /** The parts of a value that is a list. */
  list(key) {
    return this.get(key).split(",").filter((part) => part !== "");
  },

  /** A fragment for this view with some changes; a change to null is one to the default. */
  link(changes) {
    const next = Object.entries({ ...this.values, ...changes });
    const kept = next.filter(([key, value]) => value !== null && value !== (this.defaults[key] ?? ""));
    const written = (text) => encodeURIComponent(text).replace(/%(40|2F|2C)/g, (code) => decodeURIComponent(code));
    return "#" + kept.map(([key, value]) => `${key}=${written(value)}`).join("&");
  },

  /** Changes the view. */
  set(changes) {
    const link = this.link({ at: null, ...changes });
    if (link === this.link({ at: null })) return;
    history.replaceState(null, "", link === "#" ? "#at=top" : link);
    this.read();
  },

  /** Takes the fragment, and tells who listens which keys changed. */
  read() {
    const before = this.values;
    this.values = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const keys = new Set([...Object.keys(before), ...Object.keys(this.values)]);
    const changed = [...keys].filter((key) => before[key] !== this.values[key]);
    if (changed.length > 0) this.listeners.forEach((listener) => listener(changed));
  },
};

/** A link that changes some of the view and keeps the rest of it. */
function viewLink(changes, attributes, ...children) {
  return el("a", { ...attributes, href: state.link(changes), "data-view": JSON.stringify(changes) }, ...children);
}

/** Writes such links again, when the rest has changed. */
function writeLinks() {
  for (const link of document.querySelectorAll("a[data-view]")) {
    link.setAttribute("href", state.link(JSON.parse(link.dataset.view)));
  }
}
