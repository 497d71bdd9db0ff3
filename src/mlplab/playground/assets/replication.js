// A hundred of the same: every run as a dot, this run among them, and where they agree.

function makeReplication({ colours, send }) {
  const start = button("wide", "Train a hundred", "train the same set-up from a hundred fresh draws", () =>
    send({ type: "replicate" }),
  );
  const verdict = element("div", "verdict");

  function say({ frame }) {
    const found = frame.meta.replication;
    if (!found) {
      verdict.textContent = "One run is an anecdote: is this one usual?";
      start.textContent = "Train a hundred";
      return;
    }
    start.textContent = found.under_way ? "Stop" : "Train a hundred";
    if (found.trouble) verdict.textContent = found.trouble;
    else if (found.under_way) verdict.textContent = `${found.done} of ${found.total} trained …`;
    else if (found.verdict) {
      verdict.textContent = `This run is at percentile ${found.percentile.toFixed(0)}: ${found.verdict}.`;
    } else verdict.textContent = "";
  }

  // Runs as dots, stacked where they are alike; this run as a line; below, where they agree.
  function paint(context, width, height, { frame }) {
    const found = frame.meta.replication;
    if (!found || !found.accuracies.length) return;
    const { ink, muted, accent, line } = colours();
    const values = [...found.accuracies].sort((a, b) => a - b);
    const ends = [values[0], values[values.length - 1]];
    if (found.mine !== null) ends.push(found.mine);
    let low = Math.min(...ends);
    let high = Math.max(...ends);
    const pad = Math.max(0.005, 0.06 * (high - low));
    low = Math.max(0, low - pad);
    high = Math.min(1, high + pad);
    const left = 10;
    const right = width - 10;
    const base = 76;
    const toX = (value) => left + ((value - low) / (high - low)) * (right - left);
    const bins = Math.floor((right - left) / 6);
    const heights = new Array(bins + 1).fill(0);
    const places = values.map((value) => {
      const bin = Math.round(((value - low) / (high - low)) * bins);
      heights[bin] += 1;
      return [left + (bin / bins) * (right - left), heights[bin]];
    });
    const tallest = Math.max(...heights);
    const rise = Math.min(6, (base - 22) / tallest);
    context.fillStyle = css(accent, 0.55);
    for (const [x, up] of places) {
      context.beginPath();
      context.arc(x, base - (up - 0.5) * rise, Math.min(2.8, rise), 0, 2 * Math.PI);
      context.fill();
    }
    context.strokeStyle = css(line);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, base + 0.5);
    context.lineTo(right, base + 0.5);
    context.stroke();
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = css(muted);
    context.textAlign = "left";
    context.fillText(`${(100 * low).toFixed(1)} %`, left, base + 14);
    context.textAlign = "right";
    context.fillText(`${(100 * high).toFixed(1)} %`, right, base + 14);
    context.textAlign = "center";
    context.fillText("test accuracy", (left + right) / 2, base + 14);
    if (found.low !== undefined) {
      context.strokeStyle = css(ink);
      context.lineWidth = 2.5;
      context.beginPath();
      context.moveTo(toX(found.low), base + 3);
      context.lineTo(Math.max(toX(found.high), toX(found.low) + 3), base + 3);
      context.stroke();
    }
    if (found.mine !== null) {
      const x = toX(found.mine);
      context.strokeStyle = css(ink);
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(x, 14);
      context.lineTo(x, base);
      context.stroke();
      context.fillStyle = css(ink);
      context.textAlign = x > width - 60 ? "right" : x < 60 ? "left" : "center";
      context.fillText("this run", x, 10);
    }
    const top = base + 22;
    const size = Math.max(60, Math.min(height - top - 4, 150));
    paintVotes(context, frame, left, top, size);
    const lines = [
      `middle half of the runs: ${(100 * found.middle).toFixed(2)} %`,
      `(95 % interval ${(100 * found.low).toFixed(2)} to ${(100 * found.high).toFixed(2)})`,
      `failed: ${found.stuck} stuck, ${found.diverged} diverged`,
      "Left: what most runs answer,",
      "pale where they disagree.",
    ];
    context.textAlign = "left";
    if (found.middle === undefined) lines.splice(0, 2);
    lines.forEach((text, i) => {
      context.fillStyle = css(i < 3 && found.middle !== undefined ? ink : muted);
      context.fillText(text, left + size + 12, top + 12 + 15 * i);
    });
  }

  const votes = document.createElement("canvas");
  function paintVotes(context, frame, left, top, size) {
    const { classes, surface: paper } = colours();
    const { voted, agreed } = frame.arrays;
    if (!voted) return;
    const side = Math.round(Math.sqrt(voted.length));
    votes.width = votes.height = side;
    const small = votes.getContext("2d");
    const data = small.createImageData(side, side);
    for (let i = 0; i < voted.length; i++) {
      const share = Math.max(0, (agreed[i] / 255 - 1 / classes.length) / (1 - 1 / classes.length));
      const colour = mix(paper, classes[voted[i] % classes.length], 0.85 * share ** 1.5);
      const to = 4 * ((side - 1 - Math.floor(i / side)) * side + (i % side));
      data.data.set([...colour, 255], to);
    }
    small.putImageData(data, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(votes, left, top, size, size);
  }

  return { name: "replicate", text: "Replicate", choice: [start, verdict], say, paint };
}
