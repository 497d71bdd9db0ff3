// A strip: runs as dots over an axis of accuracies, stacked where they are alike.

// From one dot to the next, if there is room.
const spacing = (tall) => Math.max(6, Math.min(10, tall / 10));

// The part of the axis that holds all of some accuracies, and a margin.
function accuracyRange(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = Math.max(0.005, 0.06 * (high - low));
  return { low: Math.max(0, low - pad), high: Math.min(1, high + pad) };
}

// Where an accuracy stands. A place is { left, right, base, tall, range }: of the strip and of its axis.
function alongStrip(value, { left, right, range }) {
  return left + ((value - range.low) / (range.high - range.low)) * (right - left);
}

function paintStrip(context, values, place, colour) {
  const { left, right, base, tall } = place;
  const dot = spacing(tall);
  const bins = Math.floor((right - left) / dot);
  const heights = new Array(bins + 1).fill(0);
  const places = values.map((value) => {
    const bin = Math.round(((alongStrip(value, place) - left) / (right - left)) * bins);
    heights[bin] += 1;
    return [left + (bin / bins) * (right - left), heights[bin]];
  });
  const rise = Math.min(dot, tall / Math.max(...heights, 1));
  const radius = Math.min(0.46 * dot, Math.max(rise, 1.4)); // a pile of a hundred is to be seen as well
  context.fillStyle = css(colour, rise < 2 ? 0.3 : 0.55);
  for (const [x, up] of places) {
    context.beginPath();
    context.arc(x, base - Math.max(radius, (up - 0.5) * rise), radius, 0, 2 * Math.PI);
    context.fill();
  }
}

function paintRule(context, left, right, base, line) {
  context.strokeStyle = css(line);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left, base + 0.5);
  context.lineTo(right, base + 0.5);
  context.stroke();
}

// What the ends of the axis are, below it.
function paintStripEnds(context, { left, right, base, range }, { muted }) {
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = css(muted);
  context.textAlign = "left";
  context.fillText(`${(100 * range.low).toFixed(1)} %`, left, base + 16);
  context.textAlign = "right";
  context.fillText(`${(100 * range.high).toFixed(1)} %`, right, base + 16);
  context.textAlign = "center";
  context.fillText("test accuracy", (left + right) / 2, base + 16);
}

// The interval of the interquartile mean, as a bar below the dots; the mean itself as a notch.
function paintMiddle(context, { low, high, middle }, place, colour) {
  const [from, to, at] = [low, high, middle].map((value) => alongStrip(value, place));
  const { base } = place;
  context.strokeStyle = css(colour);
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(from, base + 3);
  context.lineTo(Math.max(to, from + 3), base + 3);
  context.stroke();
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(at, base);
  context.lineTo(at, base + 6);
  context.stroke();
}

// Divide a text into lines that are no wider than given.
function linesOf(context, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    const more = last ? `${last} ${word}` : word;
    if (last && context.measureText(more).width > width) lines.push(word);
    else lines[lines.length - 1] = more;
  }
  return lines;
}
