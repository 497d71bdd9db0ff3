// The network: each neuron as what it answers over the plane, links by weight, and what changes its shape.

const LEVELS = 6; // of a link's width and colour

function makeDiagram(box, send, colours) {
  let scene = null;
  let frame = null;
  let hovered = null;
  let places = [];
  let drawnLinks = [];
  const controls = makeLayerControls(box, send);
  const view = makeCanvas(box, {
    label:
      "The network: neurons with their responses, and links by weight. " +
      "Arrows go from neuron to neuron, W through the links into it; Enter sets the bias or the weight.",
    paint,
    isReady: () => Boolean(scene && frame),
    fileName: () => "network",
    ground: () => colours().surface,
  });
  const atlas = document.createElement("canvas");
  const tip = element("div", "tip");
  tip.hidden = true;
  const told = element("div", "unseen"); // the tip, for those who do not see it
  told.setAttribute("role", "status");
  box.append(tip, told);
  const editor = makeNumberEditor(box, send, () => view.canvas.focus());

  const MARGIN = 10;
  const NAMES = 14; // more on the right, where the names of the outputs stand
  const FOOT = 22;

  // Where each neuron stands: layers as columns; a layer that is too tall stands in several.
  function layOut(width, height) {
    const { sizes } = scene.meta;
    const pitch = (width - 2 * MARGIN - NAMES) / sizes.length;
    const head = pitch < TIGHT ? 92 : 62;
    const room = height - head - FOOT;
    places = sizes.map((count, layer) => {
      let columns = 1;
      let size = 0;
      for (let tried = 1; tried <= 6; tried++) {
        const rows = Math.ceil(count / tried);
        const gap = rows > 12 ? 2 : 6;
        const fits = Math.min(layer === 0 ? 40 : 44, room / rows - gap, (pitch * 0.74) / tried - 2);
        const isNamed = layer === sizes.length - 1 && size >= 16; // whose names stand beside
        if (fits > 1.25 * size && !isNamed) {
          size = fits;
          columns = tried;
        }
      }
      size = Math.max(size, 3);
      const rows = Math.ceil(count / columns);
      const down = Math.min(room / rows, size + (rows > 12 ? 2 : 14));
      const middle = MARGIN + pitch * (layer + 0.5);
      return [...Array(count).keys()].map((i) => {
        const column = Math.floor(i / rows);
        const inColumn = Math.min(rows, count - column * rows);
        return {
          x: middle + (column - (columns - 1) / 2) * (size + 2),
          y: head + room / 2 + ((i % rows) - (inColumn - 1) / 2) * down,
          size,
        };
      });
    });
    return pitch;
  }

  function ends(link) {
    const from = places[link.layer][link.i];
    const to = places[link.layer + 1][link.o];
    return [from.x + from.size / 2, from.y, to.x - to.size / 2, to.y];
  }

  function curve(context, link) {
    const [x1, y1, x2, y2] = ends(link);
    const bend = (x2 - x1) / 2;
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    context.stroke();
  }

  // Each link is a stroke of its own: one path of a thousand curves takes longer, as it crosses itself.
  function paintLinks(context, largest) {
    const { positive, negative } = colours();
    const many = drawnLinks.length > 300;
    const faint = hovered ? 0.25 : 1;
    const levels = [...Array(LEVELS).keys()].map(() => []);
    const strong = [];
    for (const link of drawnLinks) {
      if (hovered && touches(link)) strong.push(link);
      levels[Math.min(LEVELS - 1, Math.floor((Math.abs(link.w) / largest) * LEVELS))].push(link);
    }
    levels.forEach((links, level) => {
      const share = (level + 0.5) / LEVELS;
      context.lineWidth = many ? 0.3 + 1.6 * share : 0.6 + 4.5 * share;
      const opaque = faint * (many ? 0.1 + 0.6 * share : 0.25 + 0.65 * share);
      const [plus, minus] = [css(positive, opaque), css(negative, opaque)];
      for (const link of links) {
        context.strokeStyle = link.w > 0 ? plus : minus;
        curve(context, link);
      }
    });
    if (hovered?.link && !strong.length) strong.push({ ...hovered.link, w: weightOf(hovered.link) }); // a weak one
    for (const link of strong) {
      context.lineWidth = 1 + (3.5 * Math.abs(link.w)) / largest;
      context.strokeStyle = css(link.w > 0 ? positive : negative);
      curve(context, link);
    }
  }

  function touches({ layer, o, i }) {
    if (hovered.link) return hovered.link.layer === layer && hovered.link.o === o && hovered.link.i === i;
    return (hovered.layer === layer && hovered.index === i) || (hovered.layer === layer + 1 && hovered.index === o);
  }

  function paint(context, width, height) {
    const pitch = layOut(width, height);
    const { ink, muted, line, accent, classes } = colours();
    const { side, across } = paintAtlas(atlas, frame.arrays.images, colours());
    const { links, largest, said } = chooseLinks(scene.meta.sizes, frame.arrays.weights);
    drawnLinks = links;
    paintLinks(context, largest);
    let drawn = 0;
    const last = places.length - 1;
    places.forEach((column, layer) => {
      column.forEach(({ x, y, size }, index) => {
        const left = (drawn % across) * side;
        const top = Math.floor(drawn / across) * side;
        const chosen = hovered && hovered.layer === layer && hovered.index === index;
        const rim = chosen ? 1.5 : size > 12 ? 0.75 : 0.5;
        context.fillStyle = chosen ? css(accent) : size > 12 ? css(muted, 0.8) : css(line);
        context.fillRect(x - size / 2 - rim, y - size / 2 - rim, size + 2 * rim, size + 2 * rim);
        context.imageSmoothingEnabled = size > side;
        context.drawImage(atlas, left, top, side, side, x - size / 2, y - size / 2, size, size);
        if (layer === last && size > 10) {
          context.fillStyle = css(classes[index % classes.length]);
          context.fillRect(x + size / 2 + 3, y - size / 2, 5, size);
        }
        if ((layer === 0 || layer === last) && size > 10) {
          context.font = "12px system-ui, sans-serif";
          context.fillStyle = css(ink);
          const name = layer === 0 ? ["x₁", "x₂"][index] : scene.meta.outputs[index];
          const beside = width - x - size / 2 - 14;
          const below = column.length < 2 || column[1].y - column[0].y >= size + 13;
          const isBeside = context.measureText(name).width <= beside || beside > 40 || !below;
          if (layer === last && isBeside) {
            context.textAlign = "left";
            context.fillText(cut(context, name, beside), x + size / 2 + 12, y + 4);
          } else {
            context.textAlign = "center";
            context.fillText(cut(context, name, pitch - 4), x, y + size / 2 + 12);
          }
        }
        drawn += 1;
      });
      context.font = "11px system-ui, sans-serif";
      context.fillStyle = css(muted);
      context.textAlign = "center";
      const name = layer === 0 ? "inputs" : layer === last ? "softmax" : pitch > 70 ? scene.meta.activations[layer - 1] : "";
      context.fillText(name, MARGIN + pitch * (layer + 0.5), height - 6);
    });
    context.textAlign = "right";
    context.fillText(said, width - CORNER - 4, 14);
    controls.place(scene.meta.sizes, pitch, MARGIN);
  }

  function find(x, y) {
    for (let layer = 0; layer < places.length; layer++) {
      for (let index = 0; index < places[layer].length; index++) {
        const place = places[layer][index];
        const reach = place.size / 2 + 1;
        if (Math.abs(place.x - x) <= reach && Math.abs(place.y - y) <= reach) return { layer, index };
      }
    }
    if (drawnLinks.length > 300) return null;
    let best = null;
    let least = 5;
    for (const link of drawnLinks) {
      const [x1, y1, x2, y2] = ends(link);
      if (x < x1 || x > x2) continue;
      // The curve goes from (x1, y1) to (x2, y2) with level ends: x is monotone in t.
      let low = 0;
      let high = 1;
      for (let i = 0; i < 12; i++) {
        const t = (low + high) / 2;
        const at = x1 + (x2 - x1) * (1.5 * t * (1 - t) + t * t * t);
        if (at < x) low = t;
        else high = t;
      }
      const distance = Math.abs(y1 + (y2 - y1) * (3 * low * low - 2 * low ** 3) - y);
      if (distance < least) {
        least = distance;
        best = link;
      }
    }
    return best ? { link: best } : null;
  }

  function nameOf(layer, index) {
    if (layer === 0) return ["x₁", "x₂"][index];
    if (layer === places.length - 1) return `output ${scene.meta.outputs[index]}`;
    return `hidden layer ${layer}, neuron ${index + 1}`;
  }

  // Where the weights into a neuron begin among all, layer after layer, neuron after neuron.
  function firstWeightInto(layer, index) {
    const { sizes } = scene.meta;
    let first = index * sizes[layer - 1];
    for (let before = 1; before < layer; before++) first += sizes[before] * sizes[before - 1];
    return first;
  }

  const weightOf = ({ layer, i, o }) => frame.arrays.weights[firstWeightInto(layer + 1, o) + i];
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  function describe() {
    const { biases, largest, weights } = frame.arrays;
    const { sizes } = scene.meta;
    if (hovered.link) {
      const { layer, i, o } = hovered.link;
      return [`weight ${short(weightOf(hovered.link))}`, `from ${nameOf(layer, i)}`, `to ${nameOf(layer + 1, o)}`];
    }
    const { layer, index } = hovered;
    const before = sum(sizes.slice(0, layer));
    const lines = [nameOf(layer, index), `largest response ${short(largest[before + index])}`];
    if (layer > 0) {
      lines.splice(1, 0, `bias ${short(biases[before - 2 + index])}`);
      const from = firstWeightInto(layer, index);
      const incoming = [...weights.slice(from, from + Math.min(4, sizes[layer - 1]))];
      const rest = sizes[layer - 1] > 4 ? ", …" : "";
      lines.push(`weights ${incoming.map(short).join(", ")}${rest}`);
    }
    return lines;
  }

  // Mark a neuron or a link, or nothing, and say beside a point what it is.
  function mark(chosen, [x, y] = [0, 0]) {
    if (JSON.stringify(chosen) !== JSON.stringify(hovered)) view.ask();
    hovered = chosen;
    tip.hidden = !hovered;
    if (!hovered) return;
    fillTip();
    const fits = x + 18 + tip.offsetWidth < box.clientWidth;
    tip.style.left = `${fits ? x + 14 : Math.max(4, x - tip.offsetWidth - 10)}px`;
    tip.style.top = `${Math.min(y + 12, box.clientHeight - tip.offsetHeight - 4)}px`;
  }

  function fillTip() {
    tip.replaceChildren(...describe().map((line) => element("div", "", line)));
  }

  function placeOf(event) {
    const bounds = box.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  }

  // A click on a link or a neuron lets its weight or bias be set by hand; Enter does so as well.
  function edit(place) {
    editor.close();
    if (!hovered || hovered.layer === 0) return;
    tip.hidden = true;
    if (hovered.link) {
      const { layer, i, o } = hovered.link;
      const name = `weight from ${nameOf(layer, i)} to ${nameOf(layer + 1, o)}`;
      editor.open(name, { layer, output: o, source: i }, weightOf(hovered.link), place);
      return;
    }
    const { layer, index } = hovered;
    const value = frame.arrays.biases[sum(scene.meta.sizes.slice(1, layer)) + index];
    editor.open(`bias of ${nameOf(layer, index)}`, { layer: layer - 1, output: index, source: null }, value, place);
  }

  // ---- By keyboard -----------------------------------------------------------------------------------

  let neuron = { layer: 1, index: 0 }; // the one that keys have come to
  let source = null; // and of which link into it, if of any

  function markByKey() {
    const { sizes } = scene.meta;
    const layer = Math.max(0, Math.min(sizes.length - 1, neuron.layer));
    neuron = { layer, index: Math.max(0, Math.min(sizes[layer] - 1, neuron.index)) };
    mark(source === null ? neuron : { link: { layer: layer - 1, o: neuron.index, i: source } }, placeOfMark());
    told.textContent = describe().join("; ");
  }

  function placeOfMark() {
    if (source === null) {
      const { x, y, size } = places[neuron.layer][neuron.index];
      return [x + size / 2, y + size / 2];
    }
    const [x1, y1, x2, y2] = ends({ layer: neuron.layer - 1, o: neuron.index, i: source });
    return [(x1 + x2) / 2, (y1 + y2) / 2];
  }

  // From one link into a neuron to the next, and after the last to the neuron itself.
  function nextSource() {
    const count = neuron.layer > 0 ? scene.meta.sizes[neuron.layer - 1] : 0;
    const next = source === null ? 0 : source + 1;
    return next < count ? next : null;
  }

  function onKey(event) {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const isOurs = step || ["Enter", "Escape", "w", "W"].includes(event.key);
    if (!scene || !frame || !isOurs || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.key === "Escape") mark(null);
    else if (event.key === "Enter" && hovered) edit(placeOfMark());
    else {
      if (hovered && step) {
        neuron = { layer: neuron.layer + step[0], index: neuron.index + step[1] };
        source = null;
      } else if (hovered) source = nextSource();
      markByKey();
    }
  }

  view.canvas.tabIndex = 0;
  view.canvas.setAttribute("role", "application"); // its arrows are its own
  view.canvas.addEventListener("keydown", onKey);
  view.canvas.addEventListener("focus", () => {
    if (scene && frame && view.canvas.matches(":focus-visible")) markByKey();
  });
  view.canvas.addEventListener("blur", () => mark(null));

  // ---- By pointer ------------------------------------------------------------------------------------

  view.canvas.addEventListener("click", (event) => {
    if (!scene || !frame) return;
    const place = placeOf(event);
    mark(find(...place), place);
    edit(place);
  });
  view.canvas.addEventListener("pointermove", (event) => {
    if (scene && frame) mark(find(...placeOf(event)), placeOf(event));
  });
  view.canvas.addEventListener("pointerleave", () => mark(null));

  return {
    setScene(given) {
      scene = given;
      frame = null;
      hovered = null;
      tip.hidden = true;
      editor.close();
    },
    draw(given) {
      frame = given;
      if (!tip.hidden) fillTip();
      view.paintNow();
    },
    repaint: view.ask,
  };
}
