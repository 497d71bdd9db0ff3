// The hidden space: points as a layer answers them.

function makeHiddenSpace({ colours, tell }) {
  const layerChoice = element("select");
  layerChoice.setAttribute("aria-label", "layer");
  const axesChoice = element("select");
  axesChoice.setAttribute("aria-label", "axes");
  let sizes = [];
  layerChoice.addEventListener("change", () => {
    fillAxes();
    tell();
  });
  axesChoice.addEventListener("change", tell);

  function fillAxes() {
    const width = sizes[Number(layerChoice.value || 0)];
    axesChoice.replaceChildren();
    if (width > 2) axesChoice.append(new Option("principal components", "components"));
    for (let i = 0; i + 1 < width; i += 2) axesChoice.append(new Option(`neurons ${i + 1} and ${i + 2}`, `${i},${i + 1}`));
    if (width === 1) axesChoice.append(new Option("its only neuron", "components"));
  }

  function paint(context, width, height, { scene, frame }) {
    const { muted, classes, surface: paper } = colours();
    const places = frame.arrays.hidden;
    const labels = frame.arrays.hidden_y;
    const side = { left: 12, right: width - 12, top: 8, bottom: height - 22 };
    const low = [Infinity, Infinity];
    const high = [-Infinity, -Infinity];
    for (let i = 0; i < places.length; i++) {
      if (!Number.isFinite(places[i])) continue; // no answer
      low[i % 2] = Math.min(low[i % 2], places[i]);
      high[i % 2] = Math.max(high[i % 2], places[i]);
    }
    if (low[0] > high[0]) {
      context.font = "13px system-ui, sans-serif";
      context.fillStyle = css(muted);
      context.textAlign = "center";
      context.fillText("no answer of this layer is a number", width / 2, height / 2);
      return;
    }
    const span = [0, 1].map((d) => Math.max(high[d] - low[d], 1e-9));
    const paths = classes.map(() => new Path2D());
    for (let i = 0; i < labels.length; i++) {
      if (!Number.isFinite(places[2 * i] + places[2 * i + 1])) continue;
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

  return {
    name: "hidden",
    text: "Hidden space",
    choice: [layerChoice, axesChoice],
    paint,
    setShape(scene) {
      sizes = scene.meta.sizes;
      layerChoice.replaceChildren();
      sizes.slice(0, -1).forEach((count, layer) => {
        layerChoice.append(new Option(layer === 0 ? "inputs" : `hidden layer ${layer}`, String(layer)));
      });
      layerChoice.value = String(sizes.length - 2);
      fillAxes();
    },
    wanted() {
      const chosen = axesChoice.value && axesChoice.value !== "components";
      return {
        layer: Number(layerChoice.value || 0),
        neurons: chosen ? axesChoice.value.split(",").map(Number) : null,
      };
    },
  };
}
