// A hundred of the same: every run as a dot, this run among them, and where they agree.

function makeReplication({ colours, send }) {
  const start = button("wide", "Train a hundred", "train the same set-up from a hundred fresh draws", () =>
    send(underWay ? { type: "stop", study: "replicate" } : { type: "replicate" }),
  );
  let underWay = false;
  const verdict = element("div", "verdict");

  function say({ frame }) {
    const found = frame.meta.replication;
    underWay = Boolean(found && found.under_way);
    if (!found) {
      verdict.textContent = "One run is an anecdote: is this one usual?";
      start.textContent = "Train a hundred";
      return;
    }
    start.textContent = underWay ? "Stop" : "Train a hundred";
    if (found.trouble) verdict.textContent = found.trouble;
    else if (underWay) verdict.textContent = `${found.done} of ${found.total} trained …`;
    else if (found.verdict) {
      const place = `at percentile ${found.percentile.toFixed(0)}`;
      const { epoch } = frame.meta;
      if (epoch < found.epochs) verdict.textContent = `After ${epoch} of ${found.epochs} epochs, this run is ${place}.`;
      else verdict.textContent = `This run is ${place}: ${found.verdict}.`;
    } else if (!frame.meta.scores) verdict.textContent = "These are of the points from before.";
    else if (found.mine === null && found.done) {
      verdict.textContent = `This run diverged. So did ${found.diverged} of the ${found.done}.`;
    } else if (found.done) verdict.textContent = `All ${found.done} diverged; this run did not.`;
    else verdict.textContent = "";
  }

  // Runs as dots, stacked where they are alike; this run as a line; below, where they agree.
  function paint(context, width, height, { frame }) {
    const found = frame.meta.replication;
    if (!found || !found.accuracies.length) return;
    const { ink, muted, accent, line } = colours();
    const known = found.mine === null ? found.accuracies : [...found.accuracies, found.mine];
    const range = accuracyRange(known);
    const left = 10;
    const right = width - CORNER;
    const base = Math.max(42, Math.min(150, 0.3 * height));
    const place = { left, right, base, tall: base - 16, range };
    paintStrip(context, found.accuracies, place, accent);
    paintRule(context, left, right, base, line);
    paintStripEnds(context, place, { muted });
    if (found.low !== undefined) paintMiddle(context, found, place, ink);
    if (found.mine !== null) {
      const x = alongStrip(found.mine, place);
      context.strokeStyle = css(ink);
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(x, 14);
      context.lineTo(x, base);
      context.stroke();
      context.fillStyle = css(ink);
      context.textAlign = x < 60 ? "left" : "center";
      context.fillText("this run", x, 10);
    }
    const top = base + 24;
    const size = Math.max(56, Math.min(height - top - 4, 0.4 * width));
    paintVotes(context, frame, left, top, size);
    const finite = found.accuracies.length;
    const of = found.diverged ? ` of the ${finite} that did not diverge` : "";
    const lines = [
      `middle half${of}: ${(100 * found.middle).toFixed(2)} %`,
      `(95 % interval ${(100 * found.low).toFixed(2)} to ${(100 * found.high).toFixed(2)})`,
      `failed: ${found.stuck} stuck, ${found.diverged} diverged`,
      "Left: what most runs answer,",
      "pale where they disagree.",
    ];
    context.textAlign = "left";
    if (found.middle === undefined) lines.splice(0, 2);
    const beside = left + size + 12;
    let y = top + 10;
    lines.forEach((text, i) => {
      context.fillStyle = css(i < lines.length - 2 ? ink : muted);
      for (const each of linesOf(context, text, width - beside - 2)) {
        context.fillText(each, beside, y);
        y += height > 160 ? 15 : 13;
      }
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

  return { name: "replicate", group: "Many runs", text: "A hundred", choice: [start, verdict], say, paint };
}
