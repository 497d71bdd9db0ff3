// The plane: class regions with the probability as shading, points, and rings around wrong answers.
//
// What lies over it is asked first; while own points are edited, their editor (point_editor.js) is:
//   hint                                    what its keys do
//   paint(context, ground)                  ground: { frame, extent, place, toPixels }
//   down, move, up(ground, event, at pixels, at a point), key(ground, event)
//                                           each tells whether it took the event
//   cursor                                  where the pointer is now; empty for the plane's own

const UNSURE = 0.3; // share of a region's tint that is left where the network can hardly decide
const BORDER = 0.55; // share of ink in the pixels between two regions
const SHADES = 128; // of a region, from unsure to sure
const NO_ANSWER = 255; // in place of a class
const FINE = 360; // pixels along the side to which a grid is interpolated, at most,
const FINER = 4; // and so many for each of its points

function makePlane(box, send, colours) {
  let scene = null;
  let frame = null;
  let show = "train";
  let overlay = null;
  const image = document.createElement("canvas");
  const marks = document.createElement("canvas");
  let marksOf = []; // what they were drawn for
  const what = "The plane: which class the network answers where, and the points";
  const view = makeCanvas(box, {
    label: what,
    paint,
    isReady: () => Boolean(scene && frame),
    fileName: () => "plane",
    ground: () => colours().surface,
  });
  view.canvas.tabIndex = 0;
  const editor = makePointEditor({ canvas: view.canvas, ask: view.ask, toPlane, nearest, colours }, send);
  const tip = element("div", "tip");
  tip.hidden = true;
  box.append(tip);

  function tintOf(k) {
    const { classes, surface, dark } = colours();
    const colour = classes[k % classes.length];
    const darkness = 1 - (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255;
    return mix(surface, colour, dark ? 0.5 : Math.min(0.42, 0.3 / darkness ** 0.6));
  }

  // The pixels of each class by how sure the network is; those of borders after those of regions.
  function shadesOf(classes) {
    const { surface, ink } = colours();
    const shades = new Uint32Array(2 * classes * SHADES);
    for (let k = 0; k < classes; k++) {
      const full = tintOf(k);
      for (let i = 0; i < SHADES; i++) {
        const region = mix(surface, full, UNSURE + ((1 - UNSURE) * i) / (SHADES - 1));
        shades[k * SHADES + i] = pixel(region);
        shades[(classes + k) * SHADES + i] = pixel(mix(region, ink, BORDER));
      }
    }
    return shades;
  }

  // Outputs are interpolated, and the class is decided for each fine pixel: borders come out sharp.
  function paintRegions() {
    const { outputs } = frame.arrays;
    const [classes, points] = outputs.shape;
    const side = Math.round(Math.sqrt(points));
    const { ink, line } = colours();
    const shades = shadesOf(classes);
    const unknown = [pixel(line), pixel(mix(line, ink, BORDER))];
    const fine = Math.min(FINE, FINER * side);
    image.width = image.height = fine;
    const context = image.getContext("2d");
    const data = context.createImageData(fine, fine);
    const pixels = new Uint32Array(data.data.buffer);
    const row = new Float32Array(classes * side);
    const chosen = new Uint8Array(fine); // in the row above, and from the left on in this one
    const step = (side - 1) / (fine - 1);
    for (let v = 0; v < fine; v++) {
      const y = (fine - 1 - v) * step; // the first row of the grid is the lowest
      const low = Math.min(Math.floor(y), side - 2);
      const t = y - low;
      for (let k = 0; k < classes; k++) {
        const from = k * points + low * side;
        for (let j = 0; j < side; j++) {
          row[k * side + j] = outputs[from + j] * (1 - t) + outputs[from + side + j] * t;
        }
      }
      for (let u = 0; u < fine; u++) {
        const x = u * step;
        const left = Math.min(Math.floor(x), side - 2);
        const s = x - left;
        let most = -1;
        let best = 0;
        let total = 0;
        for (let k = 0; k < classes; k++) {
          const at = k * side + left;
          const p = row[at] * (1 - s) + row[at + 1] * s;
          total += p;
          if (p > most) {
            most = p;
            best = k;
          }
        }
        if (total < 16000) best = NO_ANSWER;
        const isBorder = (u > 0 && chosen[u - 1] !== best) || (v > 0 && chosen[u] !== best);
        chosen[u] = best;
        if (best === NO_ANSWER) pixels[v * fine + u] = unknown[Number(isBorder)];
        else {
          const sure = Math.max(0, ((most / total) * classes - 1) / (classes - 1));
          const shade = (isBorder ? classes + best : best) * SHADES + Math.round(sure * (SHADES - 1));
          pixels[v * fine + u] = shades[shade];
        }
      }
    }
    context.putImageData(data, 0, 0);
  }

  function splitsShown() {
    return show === "all" ? ["train", "validation", "test"] : [show];
  }

  function square(width, height) {
    const side = Math.min(width, height);
    return { side, left: (width - side) / 2, top: (height - side) / 2 };
  }

  function toPixels(x1, x2, { side, left, top }) {
    const [a, b, c, d] = scene.meta.extent;
    return [left + ((x1 - a) / (b - a)) * side, top + ((d - x2) / (d - c)) * side];
  }

  // Where on the canvas something happened, in its pixels.
  function whereIs(event) {
    const bounds = view.canvas.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  }

  function placeNow() {
    return square(view.canvas.clientWidth, view.canvas.clientHeight);
  }

  function toPlane([x, y]) {
    const { side, left, top } = placeNow();
    const [a, b, c, d] = scene.meta.extent;
    return [a + ((x - left) / side) * (b - a), d - ((y - top) / side) * (d - c)];
  }

  function paint(context, width, height) {
    const place = square(width, height);
    context.imageSmoothingEnabled = true;
    context.drawImage(image, place.left, place.top, place.side, place.side);
    // A few wrong among many right must not hide; where most are wrong, they would hide what they are.
    const rings = wrongAnswers(place);
    if (rings.mostAreWrong) paintRings(context, rings);
    paintMarks(context, place);
    if (!rings.mostAreWrong) paintRings(context, rings);
    overlay?.paint(context, groundAt(place));
    paintAxes(context, place);
    editor.paint(context, groundAt(place));
  }

  function radiusOf(split) {
    return Math.max(1.7, Math.min(4.5, 60 / Math.sqrt(scene.arrays[`${split}_y`].length)));
  }

  function placeOf(split, i, place) {
    const { held } = editor;
    if (held && held.split === split && held.index === i) return toPixels(...held.to, place);
    const x = scene.arrays[`${split}_x`];
    return toPixels(x[2 * i], x[2 * i + 1], place);
  }

  // Marks stay as they are from frame to frame: they are drawn once, as a thousand take long.
  function paintMarks(context, place) {
    const { width, height } = context.canvas;
    const { a: scale } = context.getTransform();
    const wanted = [scene, show, colours(), width, height, scale, ...(editor.held?.to ?? [])];
    if (marksOf.length !== wanted.length || marksOf.some((part, i) => part !== wanted[i])) {
      marksOf = wanted;
      marks.width = width;
      marks.height = height;
      const onMarks = marks.getContext("2d");
      onMarks.setTransform(context.getTransform());
      for (const split of splitsShown()) drawMarks(onMarks, split, place);
    }
    context.save();
    context.resetTransform();
    context.drawImage(marks, 0, 0);
    context.restore();
  }

  function drawMarks(context, split, place) {
    const y = scene.arrays[`${split}_y`];
    const { classes, surface } = colours();
    const r = radiusOf(split);
    const paths = classes.map(() => new Path2D());
    for (let i = 0; i < y.length; i++) {
      addMark(paths[y[i] % paths.length], y[i] % 6, ...placeOf(split, i, place), r);
    }
    context.lineWidth = 0.8;
    paths.forEach((path, k) => {
      context.fillStyle = css(classes[k]);
      context.fill(path);
      context.strokeStyle = css(surface, 0.85);
      if (r > 2) context.stroke(path);
    });
  }

  function wrongAnswers(place) {
    const paths = [];
    let points = 0;
    let wrongs = 0;
    for (const split of splitsShown()) {
      const y = scene.arrays[`${split}_y`];
      const answered = frame.arrays[`${split}_answers`] || y;
      const r = radiusOf(split);
      const around = r > 2.5 ? r + 2.2 : r + 1.4;
      const path = new Path2D();
      for (let i = 0; i < y.length; i++) {
        if (answered[i] === y[i]) continue;
        const [px, py] = placeOf(split, i, place);
        path.moveTo(px + around, py);
        path.arc(px, py, around, 0, 2 * Math.PI);
        wrongs += 1;
      }
      points += y.length;
      paths.push({ path, lineWidth: r > 2.5 ? 1.4 : 1.1 });
    }
    return { paths, mostAreWrong: wrongs > points / 3 };
  }

  function paintRings(context, { paths }) {
    context.strokeStyle = css(colours().wrong);
    for (const { path, lineWidth } of paths) {
      context.lineWidth = lineWidth;
      context.stroke(path);
    }
  }

  function paintAxes(context, place) {
    const { muted, line, surface } = colours();
    context.strokeStyle = css(line);
    context.lineWidth = 1;
    context.strokeRect(place.left + 0.5, place.top + 0.5, place.side - 1, place.side - 1);
    const [a, b, c, d] = scene.meta.extent;
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = css(muted);
    context.strokeStyle = css(surface, 0.8);
    context.lineWidth = 3;
    const put = (text, x, y, align) => {
      context.textAlign = align;
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    };
    const { left, top, side } = place;
    put(short(a), left + 6, top + side - 7, "left");
    put("x₁", left + side / 2, top + side - 7, "center");
    put(short(b), left + side - 6, top + side - 7, "right");
    put(short(d), left + 6, top + 15, "left");
    put("x₂", left + 6, top + side / 2, "left");
    if (c !== a) put(short(c), left + 6, top + side - 20, "left");
  }

  function groundAt(place) {
    return { frame, extent: scene.meta.extent, place, toPixels: ([x1, x2]) => toPixels(x1, x2, place) };
  }

  function asked() {
    return editor.isAtWork ? editor : overlay;
  }

  function offer(name, event) {
    if (!asked() || !scene || (!frame && !editor.isAtWork)) return false;
    const at = whereIs(event);
    const taken = asked()[name](groundAt(placeNow()), event, at, toPlane(at));
    if (taken) {
      tip.hidden = true;
      view.ask();
    }
    setCursor();
    return taken;
  }

  function setCursor() {
    view.canvas.style.cursor = asked()?.cursor || "crosshair";
  }

  function setLabel() {
    const hint = asked()?.hint;
    view.canvas.setAttribute("aria-label", hint ? `${what}. ${hint}` : what);
  }

  function nearest([x, y]) {
    const place = placeNow();
    let found = null;
    let least = 14;
    for (const split of splitsShown()) {
      const points = scene.arrays[`${split}_x`];
      for (let i = 0; i < points.length / 2; i++) {
        const to = [points[2 * i], points[2 * i + 1]];
        const [px, py] = toPixels(...to, place);
        const distance = Math.hypot(px - x, py - y);
        if (distance < least) {
          least = distance;
          found = { split, index: i, to };
        }
      }
    }
    return found;
  }

  // What the network answers at a place on the canvas.
  function tell([x, y]) {
    const at = toPlane([x, y]);
    const [a, b, c, d] = scene.meta.extent;
    const inside = at[0] >= a && at[0] <= b && at[1] >= c && at[1] <= d;
    tip.hidden = !inside || !frame;
    if (tip.hidden) return;
    const { outputs } = frame.arrays;
    const [classes, points] = outputs.shape;
    const side = Math.round(Math.sqrt(points));
    const i = Math.round(((at[1] - c) / (d - c)) * (side - 1));
    const j = Math.round(((at[0] - a) / (b - a)) * (side - 1));
    const shares = [...Array(classes).keys()].map((k) => outputs[k * points + i * side + j] / 65535);
    tip.replaceChildren(element("div", "", `x₁ ${short(at[0])}   x₂ ${short(at[1])}`));
    shares
      .map((p, k) => [p, k])
      .sort((one, other) => other[0] - one[0])
      .slice(0, 3)
      .forEach(([p, k]) => {
        const line = element("div", "", `${scene.meta.outputs[k]}: ${(100 * p).toFixed(0)} %`);
        const dot = element("span", "dot");
        dot.style.background = css(colours().classes[k % colours().classes.length]);
        line.prepend(dot);
        tip.append(line);
      });
    tip.style.left = `${x > box.clientWidth - 130 ? x - 124 : x + 14}px`;
    tip.style.top = `${Math.min(y + 12, box.clientHeight - 90)}px`;
  }

  view.canvas.addEventListener("pointermove", (event) => {
    if (scene && !offer("move", event)) tell(whereIs(event));
  });
  for (const leaving of ["pointerleave", "blur"]) {
    view.canvas.addEventListener(leaving, () => {
      tip.hidden = true;
    });
  }
  view.canvas.addEventListener("pointerdown", (event) => {
    if (offer("down", event)) view.canvas.setPointerCapture(event.pointerId);
  });
  for (const ending of ["pointerup", "pointercancel"]) {
    view.canvas.addEventListener(ending, (event) => offer("up", event));
  }
  view.canvas.addEventListener("keydown", (event) => {
    if (!offer("key", event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (editor.isAtWork && editor.cross) tell(editor.cross);
  });

  return {
    setScene(given) {
      scene = given;
      frame = null;
      editor.takeScene();
    },
    draw(given) {
      frame = given;
      paintRegions();
      view.paintNow();
    },
    repaint() {
      if (!frame) return;
      paintRegions();
      view.ask();
    },
    show(split) {
      show = split;
      view.ask();
    },
    use(name, forLabel) {
      editor.use(name, forLabel);
      setLabel();
      setCursor();
    },
    lay(given) {
      overlay = given || null;
      setLabel();
      setCursor();
      view.ask();
    },
  };
}
