// Looks inside: the confusion matrix, the hidden space, the histograms of each layer.

function makeInspector(box, send, colours) {
  let scene = null;
  let frame = null;
  let open = "confusion";
  const tabs = element("div", "tabs");
  tabs.setAttribute("role", "tablist");
  const body = element("div", "inspect-body");
  const choice = element("div", "inspect-choice");
  const surface = element("div", "inspect-surface");
  body.append(choice, surface);
  box.append(tabs, body);
  const names = { confusion: "Confusion", hidden: "Hidden space", histograms: "Weights", replicate: "Replicate", "by hand": "Task 3" };
  const buttons = {};
  for (const [name, text] of Object.entries(names)) {
    buttons[name] = button("tab", text, text, () => openTab(name));
    buttons[name].setAttribute("role", "tab");
    tabs.append(buttons[name]);
  }
  const view = makeCanvas(surface, "Inside the network", paint);
  const layerChoice = element("select");
  layerChoice.setAttribute("aria-label", "layer");
  const axesChoice = element("select");
  axesChoice.setAttribute("aria-label", "axes");
  const replicate = button("wide", "Train a hundred", "train the same set-up from a hundred fresh draws", () =>
    send({ type: "replicate" }),
  );
  const verdict = element("div", "verdict");
  const byHand = ["equation 11", "equation 12", "switch"].map((act) =>
    button("wide", act === "switch" ? "switch the labels" : act, act, () => send({ type: "by_hand", act })),
  );
  const said = element("div", "said");
  surface.append(said);
  layerChoice.addEventListener("change", () => {
    fillAxes();
    tellChoice();
  });
  axesChoice.addEventListener("change", tellChoice);

  function openTab(name) {
    open = name;
    mark();
    tellChoice();
    view.ask();
  }

  function mark() {
    for (const [name, tab] of Object.entries(buttons)) {
      tab.setAttribute("aria-selected", String(name === open));
    }
    choice.replaceChildren();
    if (open === "hidden") choice.append(layerChoice, axesChoice);
    if (open === "replicate") choice.append(replicate, verdict);
    if (open === "by hand") choice.append(...byHand);
    said.hidden = open !== "by hand";
  }

  function tellChoice() {
    const neurons = axesChoice.value && axesChoice.value !== "components" ? axesChoice.value.split(",").map(Number) : null;
    send({ type: "inspect", what: open, layer: Number(layerChoice.value || 0), neurons });
  }

  function fillAxes() {
    const width = scene.meta.sizes[Number(layerChoice.value || 0)];
    axesChoice.replaceChildren();
    if (width > 2) axesChoice.append(new Option("principal components", "components"));
    for (let i = 0; i + 1 < width; i += 2) axesChoice.append(new Option(`neurons ${i + 1} and ${i + 2}`, `${i},${i + 1}`));
    if (width === 1) axesChoice.append(new Option("its only neuron", "components"));
  }

  function fillLayers() {
    layerChoice.replaceChildren();
    scene.meta.sizes.slice(0, -1).forEach((count, layer) => {
      layerChoice.append(new Option(layer === 0 ? "inputs" : `hidden layer ${layer}`, String(layer)));
    });
    layerChoice.value = String(scene.meta.sizes.length - 2);
    fillAxes();
  }

  function paint(context, width, height) {
    if (!scene || !frame) return;
    if (open === "confusion" && frame.arrays.confusion) paintConfusion(context, width, height);
    if (open === "hidden" && frame.arrays.hidden) paintHidden(context, width, height);
    if (open === "histograms" && frame.meta.histograms) paintHistograms(context, width, height);
    if (open === "replicate") paintReplication(context, width, height);
    if (open === "by hand" && frame.meta.by_hand) {
      said.textContent = `${frame.meta.by_hand} Click a link or an output above to change its weight or bias.`;
    }
  }

  function paintConfusion(context, width, height) {
    const { ink, muted, accent, surface: paper, line } = colours();
    const counts = frame.arrays.confusion;
    const k = counts.shape[0];
    const left = 54;
    const top = 34;
    const side = Math.min((width - left - 12) / k, (height - top - 8) / k, 76);
    const start = left + (width - left - 12 - side * k) / 2;
    context.textBaseline = "middle";
    for (let i = 0; i < k; i++) {
      const total = Math.max(1, scene.meta.test_counts[i]);
      for (let j = 0; j < k; j++) {
        const count = counts[i * k + j];
        const share = count / total;
        const x = start + j * side;
        const y = top + i * side;
        const fill = mix(paper, accent, 0.06 + 0.94 * share);
        context.fillStyle = css(fill);
        context.fillRect(x, y, side - 2, side - 2);
        const light = (fill[0] * 299 + fill[1] * 587 + fill[2] * 114) / 1000 > 140;
        context.fillStyle = light ? "#1f2328" : "#ffffff";
        context.textAlign = "center";
        context.font = `${i === j ? 600 : 400} ${Math.min(15, side / 2.6)}px system-ui, sans-serif`;
        context.fillText(String(count), x + side / 2 - 1, y + side / 2);
      }
    }
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = css(ink);
    for (let i = 0; i < k; i++) {
      const label = scene.meta.outputs[i].slice(0, 6);
      context.textAlign = "center";
      context.fillText(label, start + (i + 0.5) * side, top - 10);
      context.textAlign = "right";
      context.fillText(label, start - 8, top + (i + 0.5) * side);
    }
    context.fillStyle = css(muted);
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText("answered (test points)", start + (k * side) / 2, 9);
    context.save();
    context.translate(start - 44, top + (k * side) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("class", 0, 0);
    context.restore();
    context.strokeStyle = css(line);
    context.textBaseline = "alphabetic";
  }

  function paintHidden(context, width, height) {
    const { muted, classes, surface: paper } = colours();
    const places = frame.arrays.hidden;
    const labels = frame.arrays.hidden_y;
    const side = { left: 12, right: width - 12, top: 8, bottom: height - 22 };
    const low = [Infinity, Infinity];
    const high = [-Infinity, -Infinity];
    for (let i = 0; i < places.length; i++) {
      low[i % 2] = Math.min(low[i % 2], places[i]);
      high[i % 2] = Math.max(high[i % 2], places[i]);
    }
    const span = [0, 1].map((d) => Math.max(high[d] - low[d], 1e-9));
    const paths = classes.map(() => new Path2D());
    for (let i = 0; i < labels.length; i++) {
      const x = side.left + ((places[2 * i] - low[0]) / span[0]) * (side.right - side.left);
      const y = side.bottom - ((places[2 * i + 1] - low[1]) / span[1]) * (side.bottom - side.top);
      addMark(paths[labels[i] % paths.length], labels[i] % 6, x, y, 2.6);
    }
    context.lineWidth = 0.7;
    paths.forEach((path, c) => {
      context.fillStyle = css(classes[c]);
      context.fill(path);
      context.strokeStyle = css(paper, 0.8);
      context.stroke(path);
    });
    context.fillStyle = css(muted);
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "right";
    context.fillText(`${frame.meta.hidden_axes[0]} →`, width - 12, height - 6);
    context.textAlign = "left";
    context.fillText(frame.meta.hidden_axes[1] ? `↑ ${frame.meta.hidden_axes[1]}` : "", 12, height - 6);
  }

  function paintHistograms(context, width, height) {
    const { ink, muted, accent, line, wrong } = colours();
    const layers = frame.meta.histograms;
    const across = layers.length > 5 ? 2 : 1;
    const rows = Math.ceil(layers.length / across);
    const cell = (height - 18) / rows;
    const column = width / across;
    context.font = "11px system-ui, sans-serif";
    layers.forEach((layer, index) => {
      const x = Math.floor(index / rows) * column;
      const y = 18 + (index % rows) * cell;
      const head = across === 1 ? 74 : 56;
      context.textAlign = "left";
      context.fillStyle = css(ink);
      const name = index === layers.length - 1 ? "output" : `layer ${index + 1}`;
      context.fillText(across === 1 ? name : name.replace("layer ", "").replace("output", "out"), x + 8, y + 14);
      if (layer.dead > 0) {
        context.fillStyle = css(wrong);
        context.fillText(`${layer.dead} dead`, x + 8, y + 27);
      }
      const each = (column - head - 18) / 2;
      [layer.weights, layer.gradients].forEach((part, which) => {
        const left = x + head + which * (each + 8);
        const most = Math.max(1, ...part.counts);
        const bar = each / part.counts.length;
        const tall = cell - 18;
        context.fillStyle = which === 0 ? css(accent) : css(muted);
        part.counts.forEach((count, i) => {
          const up = (count / most) * tall;
          context.fillRect(left + i * bar, y + tall - up + 2, Math.max(bar - 0.6, 0.6), up);
        });
        context.fillStyle = css(line);
        context.fillRect(left, y + tall + 2, each, 1);
        context.fillStyle = css(muted);
        context.textAlign = "center";
        if (cell > 30) context.fillText(`±${short(part.largest)}`, left + each / 2, y + tall + 14);
        if (index % rows === 0) context.fillText(["weights", "gradients"][which], left + each / 2, 11);
      });
    });
  }

  function sayVerdict(found) {
    if (!found) {
      verdict.textContent = "One run is an anecdote: is this one usual?";
      replicate.textContent = "Train a hundred";
      return;
    }
    replicate.textContent = found.under_way ? "Stop" : "Train a hundred";
    if (found.trouble) verdict.textContent = found.trouble;
    else if (found.under_way) verdict.textContent = `${found.done} of ${found.total} trained …`;
    else if (found.verdict) {
      verdict.textContent = `This run is at percentile ${found.percentile.toFixed(0)}: ${found.verdict}.`;
    } else verdict.textContent = "";
  }

  // Runs as dots, stacked where they are alike; this run as a line; below, where they agree.
  function paintReplication(context, width, height) {
    const found = frame.meta.replication;
    sayVerdict(found);
    if (!found || !found.accuracies.length) return;
    const { ink, muted, accent, line, classes, surface: paper } = colours();
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
    paintVotes(context, left, top, size, classes, paper);
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
  function paintVotes(context, left, top, size, classes, paper) {
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

  mark();
  return {
    setScene(given) {
      const same = scene && JSON.stringify(scene.meta.sizes) === JSON.stringify(given.meta.sizes);
      scene = given;
      frame = null;
      if (!same) {
        fillLayers();
        // Task 3 is about two classes and no hidden layer.
        const { sizes } = scene.meta;
        buttons["by hand"].hidden = sizes.length !== 2 || sizes[1] !== 2;
        if (open === "by hand" && buttons["by hand"].hidden) open = "confusion";
        mark();
        tellChoice();
      }
    },
    draw(given) {
      frame = given;
      view.paintNow();
    },
    repaint: view.ask,
  };
}
