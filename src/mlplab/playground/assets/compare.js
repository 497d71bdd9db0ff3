// Two set-ups, a hundred runs of each from the same seeds: A above B, and which is better.

function makeComparison({ colours, send }) {
  const keep = button("wide", "Keep as A", "keep this set-up as A", () => send({ type: "keep" }));
  const start = button("wide", "Compare with A", "train a hundred each of A and of this set-up", () =>
    send(underWay ? { type: "stop", study: "compare" } : { type: "compare" }),
  );
  const words = element("div", "verdict differs");
  const sentence = element("div", "unseen"); // what the picture says, for those who do not see it
  sentence.setAttribute("role", "status");
  let underWay = false;

  function say({ frame }) {
    const { kept, differs, found } = frame.meta.compare;
    underWay = Boolean(found && found.under_way);
    start.hidden = !kept;
    start.textContent = underWay ? "Stop" : "Compare with A";
    start.disabled = !underWay && !differs;
    words.classList.toggle("last", !kept);
    if (!kept) words.textContent = "Does it matter? Keep this set-up as A, change something, and compare.";
    else if (found) words.textContent = found.differs + (found.now === "A" ? " (A is set up now)" : "");
    else if (differs) words.textContent = differs;
    else words.textContent = "This set-up is A: change something.";
    const said = found ? found.sentence || verdictOf(found)[0] : "";
    if (sentence.textContent !== said) sentence.textContent = said;
  }

  const percent = (fraction) => (100 * fraction).toFixed(2);

  // The verdict, and what it rests on.
  function verdictOf(found) {
    if (found.trouble) return [found.trouble];
    if (found.under_way) return [`${found.done} of ${found.total} runs trained …`];
    if (!found.sentence) return [`Stopped after ${found.done} of ${found.total} runs: no verdict.`];
    return [found.headline, ...found.clauses];
  }

  function paint(context, width, height, { frame }) {
    const { found } = frame.meta.compare;
    if (!found) return;
    const { ink, muted, accent, line } = colours();
    const known = found.sides.flatMap((side) => side.accuracies);
    const left = 10;
    const right = width - 10;
    const top = paintVerdict(context, verdictOf(found), left, width - CORNER);
    const each = Math.max(32, Math.min(130, (height - top - 20) / 2));
    const place = { left: left + 18, right, tall: each - 19, range: known.length ? accuracyRange(known) : null };
    found.sides.forEach((side, i) => {
      const base = top + (i + 1) * each - 4;
      if (known.length) {
        paintStrip(context, side.accuracies, { ...place, base }, accent);
        paintRule(context, place.left, right, base, line);
        if (side.low !== undefined) paintMiddle(context, side, { ...place, base }, ink);
      }
      context.textAlign = "left";
      context.fillStyle = css(ink);
      context.font = "700 15px system-ui, sans-serif";
      context.fillText("AB"[i], left, base);
      context.font = "11px system-ui, sans-serif";
      context.fillText(middleOf(side), place.left, base - each + 15);
    });
    if (known.length) paintStripEnds(context, { ...place, base: top + 2 * each - 4 }, { muted });
  }

  // What was found comes first, for it is what one asked; tells where the strips begin.
  function paintVerdict(context, [head, ...clauses], left, right) {
    const { ink, muted } = colours();
    let y = 0;
    const write = (text, font, colour, tall) => {
      context.font = font;
      context.fillStyle = css(colour);
      for (const each of linesOf(context, text, right - left)) context.fillText(each, left, (y += tall));
    };
    context.textAlign = "left";
    write(head, "650 13px system-ui, sans-serif", ink, 15);
    for (const clause of clauses) write(clause, "11.5px system-ui, sans-serif", muted, 14);
    return y + 6;
  }

  function middleOf(side) {
    if (!side.runs) return "";
    const kinds = ["stuck", "diverged"].filter((kind) => side[kind]);
    const failed = kinds.map((kind) => `${side[kind]} ${kind}`).join(", ") || "none failed";
    if (side.middle === undefined) return failed;
    // Of the interval there is a bar as well.
    if (side.diverged) return `${failed}; middle of the other ${side.accuracies.length}: ${percent(side.middle)} %`;
    return `middle half ${percent(side.middle)} % (${percent(side.low)} to ${percent(side.high)}); ${failed}`;
  }

  return { name: "compare", group: "Many runs", text: "Compare", choice: [start, words, keep], beside: sentence, say, paint };
}
