// Colours of fields, and what can be read on them.

/** The colour of a scale at a part from 0 to 1: red, green and blue. */
function mixed(stops, part) {
  const at = part * (stops.length - 1);
  const [from, along] = [Math.floor(at), at % 1];
  const channels = (stop) => [1, 3, 5].map((start) => parseInt(stops[Math.min(stop, stops.length - 1)].slice(start, start + 2), 16));
  const [left, right] = [channels(from), channels(from + 1)];
  return left.map((value, channel) => Math.round(value + along * (right[channel] - value)));
}

/** Black or white, by which has the higher contrast (WCAG 2.1). */
function ink(colour) {
  const [red, green, blue] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000" : "#fff";
}
