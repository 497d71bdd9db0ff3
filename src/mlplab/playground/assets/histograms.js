// Histograms of each layer's weights and gradients, and its dead neurons.

function makeHistograms({ colours }) {
  function paint(context, width, height, { frame }) {
    const { ink, muted, accent, line, wrong } = colours();
    const layers = frame.meta.histograms;
    const across = layers.length > 5 ? 2 : 1;
    const rows = Math.ceil(layers.length / across);
    const cell = (height - 18) / rows;
    const column = width / across;
    const isLow = cell < 34; // what is dead then stands behind the layer's name
    const head = across === 1 || (isLow && layers.some((layer) => layer.dead > 0)) ? 74 : 56;
    context.font = "11px system-ui, sans-serif";
    layers.forEach((layer, index) => {
      const x = Math.floor(index / rows) * column;
      const y = 18 + (index % rows) * cell;
      context.textAlign = "left";
      context.fillStyle = css(ink);
      const name = index === layers.length - 1 ? "output" : `layer ${index + 1}`;
      const written = across === 1 ? name : name.replace("layer ", "").replace("output", "out");
      context.fillText(written, x + 8, y + 14);
      if (layer.dead > 0) {
        context.fillStyle = css(wrong);
        if (isLow) context.fillText(`${layer.dead} dead`, x + 13 + context.measureText(written).width, y + 14);
        else context.fillText(`${layer.dead} dead`, x + 8, y + 27);
      }
      const each = (column - head - 18) / 2;
      [layer.weights, layer.gradients].forEach((part, which) => {
        const left = x + head + which * (each + 8);
        const most = Math.max(1, ...part.counts);
        const nothing = part.counts.some((count) => count > 0) ? "all 0" : "all NaN";
        const bar = each / part.counts.length;
        const tall = cell - 18;
        context.fillStyle = which === 0 ? css(accent) : css(muted);
        context.textAlign = "center";
        part.counts.forEach((count, i) => {
          const up = part.largest > 0 ? (count / most) * tall : 0;
          context.fillRect(left + i * bar, y + tall - up + 2, Math.max(bar - 0.6, 0.6), up);
        });
        context.fillStyle = css(line);
        context.fillRect(left, y + tall + 2, each, 1);
        context.fillStyle = css(muted);
        context.textAlign = "center";
        if (part.largest === 0) context.fillText(nothing, left + each / 2, y + tall - 1);
        else if (cell > 30) context.fillText(`±${short(part.largest)}`, left + each / 2, y + tall + 14);
        if (index % rows === 0) context.fillText(["weights", "gradients"][which], left + each / 2, 11);
      });
    });
  }

  return { name: "histograms", text: "Weights", paint };
}
