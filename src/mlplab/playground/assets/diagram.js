// The network: each neuron as what it answers over the plane, links by weight, and what changes its shape.

const MOST_LINKS = 2400;

function makeDiagram(box, send, colours) {
  let scene = null;
  let frame = null;
  let hovered = null;
  let places = [];
  let drawnLinks = [];
  const controls = element("div", "diagram-controls");
  box.append(controls);
  const view = makeCanvas(
    box,
    "The network: neurons with their responses, and links by weight",
    paint,
    () => "network",
    () => colours().surface,
  );
  const atlas = document.createElement("canvas");
  const tip = element("div", "tip");
  tip.hidden = true;
  box.append(tip);

  const HEAD = 62;
  const FOOT = 22;

  // Where each neuron stands: layers as columns; a layer that is too tall stands in several.
  function layOut(width, height) {
    const { sizes } = scene.meta;
    const room = height - HEAD - FOOT;
    const pitch = (width - 20) / sizes.length;
    places = sizes.map((count, layer) => {
      let columns = 1;
      let size = 0;
      for (let tried = 1; tried <= 6; tried++) {
        const rows = Math.ceil(count / tried);
        const gap = rows > 12 ? 2 : 6;
        const fits = Math.min(layer === 0 ? 40 : 44, room / rows - gap, (pitch * 0.74) / tried - 2);
        if (fits > 1.25 * size) {
          size = fits;
          columns = tried;
        }
      }
      size = Math.max(size, 3);
      const rows = Math.ceil(count / columns);
      const down = Math.min(room / rows, size + (rows > 12 ? 2 : 14));
      const middle = 10 + pitch * (layer + 0.5);
      return [...Array(count).keys()].map((i) => {
        const column = Math.floor(i / rows);
        const inColumn = Math.min(rows, count - column * rows);
        return {
          x: middle + (column - (columns - 1) / 2) * (size + 2),
          y: HEAD + room / 2 + ((i % rows) - (inColumn - 1) / 2) * down,
          size,
        };
      });
    });
    return pitch;
  }

  function paintAtlas() {
    const { images } = frame.arrays;
    const [neurons, points] = images.shape;
    const side = Math.round(Math.sqrt(points));
    const { positive, negative, surface } = colours();
    const table = new Uint32Array(256);
    for (let value = -127; value <= 127; value++) {
      const [r, g, b] = mix(surface, value > 0 ? positive : negative, Math.abs(value) / 127);
      table[value + 127] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
    const across = 32;
    atlas.width = across * side;
    atlas.height = Math.ceil(neurons / across) * side;
    const context = atlas.getContext("2d");
    const data = context.createImageData(atlas.width, atlas.height);
    const pixels = new Uint32Array(data.data.buffer);
    for (let n = 0; n < neurons; n++) {
      const left = (n % across) * side;
      const top = Math.floor(n / across) * side;
      for (let i = 0; i < side; i++) {
        const to = (top + side - 1 - i) * atlas.width + left;
        const from = n * points + i * side;
        for (let j = 0; j < side; j++) pixels[to + j] = table[images[from + j] + 127];
      }
    }
    context.putImageData(data, 0, 0);
    return { side, across };
  }

  // The strongest links; all, where there are few.
  function chooseLinks() {
    const { sizes } = scene.meta;
    const { weights } = frame.arrays;
    let least = 0;
    if (weights.length > MOST_LINKS) {
      const sizesOf = Float32Array.from(weights, Math.abs).sort();
      least = sizesOf[sizesOf.length - MOST_LINKS];
    }
    let largest = 1e-9;
    drawnLinks = [];
    let at = 0;
    for (let layer = 0; layer + 1 < sizes.length; layer++) {
      for (let o = 0; o < sizes[layer + 1]; o++) {
        for (let i = 0; i < sizes[layer]; i++, at++) {
          const w = weights[at];
          if (Number.isFinite(w) && Math.abs(w) >= least) {
            drawnLinks.push({ layer, o, i, w });
            largest = Math.max(largest, Math.abs(w));
          }
        }
      }
    }
    return largest;
  }

  function ends(link) {
    const from = places[link.layer][link.i];
    const to = places[link.layer + 1][link.o];
    return [from.x + from.size / 2, from.y, to.x - to.size / 2, to.y];
  }

  function paintLinks(context, largest) {
    const { positive, negative } = colours();
    const many = drawnLinks.length > 300;
    const steps = 6;
    const paths = [...Array(2 * steps).keys()].map(() => new Path2D());
    const strong = [];
    for (const link of drawnLinks) {
      if (hovered && touches(link)) strong.push(link);
      const share = Math.abs(link.w) / largest;
      const step = Math.min(steps - 1, Math.floor(share * steps));
      const [x1, y1, x2, y2] = ends(link);
      const bend = (x2 - x1) / 2;
      const path = paths[2 * step + (link.w > 0 ? 0 : 1)];
      path.moveTo(x1, y1);
      path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    }
    paths.forEach((path, index) => {
      const share = (Math.floor(index / 2) + 0.5) / steps;
      const colour = index % 2 === 0 ? positive : negative;
      const faint = hovered && hovered.layer !== undefined ? 0.25 : 1;
      context.lineWidth = many ? 0.3 + 1.6 * share : 0.6 + 4.5 * share;
      context.strokeStyle = css(colour, faint * (many ? 0.1 + 0.6 * share : 0.25 + 0.65 * share));
      context.stroke(path);
    });
    for (const link of strong) {
      const [x1, y1, x2, y2] = ends(link);
      const bend = (x2 - x1) / 2;
      context.beginPath();
      context.moveTo(x1, y1);
      context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
      context.lineWidth = 1 + (3.5 * Math.abs(link.w)) / largest;
      context.strokeStyle = css(link.w > 0 ? positive : negative);
      context.stroke();
    }
  }

  function touches({ layer, o, i }) {
    if (hovered.link) return hovered.link.layer === layer && hovered.link.o === o && hovered.link.i === i;
    return (hovered.layer === layer && hovered.index === i) || (hovered.layer === layer + 1 && hovered.index === o);
  }

  function paint(context, width, height) {
    if (!scene || !frame) return;
    const pitch = layOut(width, height);
    const { ink, muted, line, accent, classes } = colours();
    const { side, across } = paintAtlas();
    paintLinks(context, chooseLinks());
    let neuron = 0;
    const last = places.length - 1;
    places.forEach((column, layer) => {
      column.forEach(({ x, y, size }, index) => {
        const left = (neuron % across) * side;
        const top = Math.floor(neuron / across) * side;
        context.imageSmoothingEnabled = size > side;
        context.drawImage(atlas, left, top, side, side, x - size / 2, y - size / 2, size, size);
        const chosen = hovered && hovered.layer === layer && hovered.index === index;
        context.lineWidth = chosen ? 2 : size > 12 ? 1 : 0.5;
        context.strokeStyle = chosen ? css(accent) : size > 12 ? css(muted, 0.8) : css(line);
        context.strokeRect(x - size / 2, y - size / 2, size, size);
        if (layer === last && size > 10) {
          context.fillStyle = css(classes[index % classes.length]);
          context.fillRect(x + size / 2 + 3, y - size / 2, 5, size);
        }
        if ((layer === 0 || layer === last) && size > 10) {
          context.font = "12px system-ui, sans-serif";
          context.fillStyle = css(ink);
          context.textAlign = "center";
          const name = layer === 0 ? ["x₁", "x₂"][index] : scene.meta.outputs[index].slice(0, 8);
          context.fillText(name, x, y + size / 2 + 12);
        }
        neuron += 1;
      });
      context.font = "11px system-ui, sans-serif";
      context.fillStyle = css(muted);
      context.textAlign = "center";
      const name = layer === 0 ? "inputs" : layer === last ? "softmax" : pitch > 70 ? scene.meta.activations[layer - 1] : "";
      context.fillText(name, 10 + pitch * (layer + 0.5), height - 6);
    });
    const { weights } = frame.arrays;
    if (drawnLinks.length < weights.length) {
      context.textAlign = "right";
      context.fillText(
        `the ${drawnLinks.length.toLocaleString("en")} strongest of ${weights.length.toLocaleString("en")} links`,
        width - 40,
        14,
      );
    }
    placeControls(pitch);
  }

  let controlled = "";
  function placeControls(pitch) {
    const { sizes } = scene.meta;
    const key = `${sizes.join("-")}:${Math.round(pitch)}`;
    if (key === controlled) return;
    controlled = key;
    controls.replaceChildren();
    const hidden = sizes.slice(1, -1);
    hidden.forEach((count, layer) => {
      const part = element("div", `layer-control${pitch < 92 ? " narrow" : ""}`);
      part.style.left = `${10 + pitch * (layer + 1.5)}px`;
      const widen = (by) => () => {
        const widths = [...hidden];
        widths[layer] = Math.max(1, count + by);
        send({ type: "layers", widths });
      };
      part.append(
        button("round", "−", `a neuron less in hidden layer ${layer + 1}`, widen(-1)),
        element("span", "count", String(count)),
        button("round", "+", `a neuron more in hidden layer ${layer + 1}`, widen(1)),
      );
      controls.append(part);
    });
    const more = element("div", "layers-control");
    more.append(
      element("span", "", "hidden layers"),
      button("round", "−", "a hidden layer less", () => send({ type: "layers", widths: hidden.slice(0, -1) })),
      element("span", "count", String(hidden.length)),
      button("round", "+", "a hidden layer more", () =>
        send({ type: "layers", widths: [...hidden, hidden.length ? hidden[hidden.length - 1] : 5] }),
      ),
    );
    controls.append(more);
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

  function describe() {
    const { biases, largest } = frame.arrays;
    const { sizes } = scene.meta;
    if (hovered.link) {
      const { layer, i, o, w } = hovered.link;
      return [`weight ${short(w)}`, `from ${nameOf(layer, i)}`, `to ${nameOf(layer + 1, o)}`];
    }
    const { layer, index } = hovered;
    const before = sizes.slice(0, layer).reduce((sum, n) => sum + n, 0);
    const lines = [nameOf(layer, index), `largest response ${short(largest[before + index])}`];
    if (layer > 0) {
      lines.splice(1, 0, `bias ${short(biases[before - 2 + index])}`);
      const first = sizes.slice(0, layer).reduce((sum, n, l) => (l > 0 ? sum + n * sizes[l - 1] : sum), 0);
      const from = first + index * sizes[layer - 1];
      const incoming = [...frame.arrays.weights.slice(from, from + Math.min(4, sizes[layer - 1]))];
      const rest = sizes[layer - 1] > 4 ? ", …" : "";
      lines.push(`weights ${incoming.map(short).join(", ")}${rest}`);
    }
    return lines;
  }

  function tell(event) {
    const bounds = box.getBoundingClientRect();
    const x = event.clientX - bounds.left;
    const y = event.clientY - bounds.top;
    const before = JSON.stringify(hovered);
    hovered = scene && frame ? find(x, y) : null;
    if (JSON.stringify(hovered) !== before) view.ask();
    tip.hidden = !hovered;
    if (!hovered) return;
    tip.replaceChildren(...describe().map((line) => element("div", "", line)));
    tip.style.left = `${x > bounds.width - 190 ? x - 180 : x + 14}px`;
    tip.style.top = `${Math.min(y + 12, bounds.height - 80)}px`;
  }

  // A click on a link or a neuron lets its weight or bias be set by hand.
  const editor = element("form", "editor");
  editor.hidden = true;
  const editorName = element("label");
  const editorInput = element("input");
  editorInput.type = "number";
  editorInput.step = "any";
  editorInput.setAttribute("aria-label", "weight or bias by hand");
  editorName.append(element("span"), editorInput);
  editor.append(editorName, element("button", "small", "set"));
  box.append(editor);
  let target = null;
  function edit(event) {
    tell(event);
    const { sizes } = scene.meta;
    editor.hidden = true;
    if (!hovered || hovered.layer === 0) return;
    let value;
    if (hovered.link) {
      const { layer, i, o, w } = hovered.link;
      target = { layer, output: o, source: i };
      value = w;
      editorName.firstChild.textContent = `weight from ${nameOf(layer, i)} to ${nameOf(layer + 1, o)}`;
    } else {
      const { layer, index } = hovered;
      const before = sizes.slice(1, layer).reduce((sum, n) => sum + n, 0);
      target = { layer: layer - 1, output: index, source: null };
      value = frame.arrays.biases[before + index];
      editorName.firstChild.textContent = `bias of ${nameOf(layer, index)}`;
    }
    editorInput.value = Number(value.toPrecision(6));
    const bounds = box.getBoundingClientRect();
    editor.style.left = `${Math.min(event.clientX - bounds.left, bounds.width - 250)}px`;
    editor.style.top = `${Math.min(event.clientY - bounds.top + 10, bounds.height - 80)}px`;
    editor.hidden = false;
    tip.hidden = true;
    editorInput.select();
  }
  editor.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ type: "number", ...target, value: editorInput.valueAsNumber });
  });
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Escape") editor.hidden = true;
  });
  view.canvas.addEventListener("click", (event) => {
    if (scene && frame) edit(event);
  });
  view.canvas.addEventListener("pointermove", tell);
  view.canvas.addEventListener("pointerleave", () => {
    hovered = null;
    tip.hidden = true;
    view.ask();
  });

  return {
    setScene(given) {
      scene = given;
      frame = null;
      hovered = null;
      editor.hidden = true;
    },
    draw(given) {
      frame = given;
      view.paintNow();
    },
    repaint: view.ask,
  };
}
