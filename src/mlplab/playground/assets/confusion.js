// The confusion matrix of the test points.

function makeConfusion({ colours }) {
  function paint(context, width, height, { scene, frame }) {
    const counts = frame.arrays.confusion;
    if (!counts) return; // no answers, while points of one's own are too few
    const { ink, muted, accent, surface: paper, line } = colours();
    const k = counts.shape[0];
    context.font = "12px system-ui, sans-serif";
    const widest = Math.max(...scene.meta.outputs.map((label) => context.measureText(label).width));
    const left = Math.min(38 + widest, 0.34 * width);
    const top = 34;
    const side = Math.min((width - left - CORNER) / k, (height - top - 8) / k, 76);
    const start = left + (width - left - CORNER - side * k) / 2;
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
        context.fillStyle = inkOn(fill);
        context.textAlign = "center";
        context.font = `${i === j ? 600 : 400} ${Math.min(15, side / 2.6)}px system-ui, sans-serif`;
        context.fillText(String(count), x + side / 2 - 1, y + side / 2);
      }
    }
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = css(ink);
    for (let i = 0; i < k; i++) {
      const label = scene.meta.outputs[i];
      context.textAlign = "center";
      context.fillText(cut(context, label, side - 4), start + (i + 0.5) * side, top - 10);
      context.textAlign = "right";
      context.fillText(cut(context, label, left - 38), start - 8, top + (i + 0.5) * side);
    }
    context.fillStyle = css(muted);
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText("answered (test points)", start + (k * side) / 2, 9);
    context.save();
    context.translate(start - left + 14, top + (k * side) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("class", 0, 0);
    context.restore();
    context.strokeStyle = css(line);
    context.textBaseline = "alphabetic";
  }

  return { name: "confusion", text: "Confusion", paint };
}
