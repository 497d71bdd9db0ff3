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
  const names = { confusion: "Confusion", hidden: "Hidden space", histograms: "Histograms" };
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
      const label = scene.meta.labels[i].slice(0, 6);
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

  mark();
  return {
    setScene(given) {
      const same = scene && JSON.stringify(scene.meta.sizes) === JSON.stringify(given.meta.sizes);
      scene = given;
      frame = null;
      if (!same) {
        fillLayers();
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
