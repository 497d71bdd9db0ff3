// The line of task 3 on the plane: two handles turn it, what lies between shifts it.
//
// It lies over the plane (see plane.js). While it is dragged it follows the pointer; the server hears where
// it is, one message under way at a time, and answers with weights that draw it. Class 0 lies to the left of
// the way from the first handle to the second.

const HANDLE = 8; // pixels
const STEP = 0.01; // of the picture's side, that an arrow key shifts the line
const TURN = 0.02; // radians, likewise
const LOST = 1500; // milliseconds after which an answer is no longer waited for

function makeLine({ send, colours }) {
  let handles = null; // where the two stand in the plane
  let isDrawn = false; // by the network; else they stand on the wanted line
  let grip = null;
  let seen = null;
  let cursor = "";

  // ---- Geometry: lines are a·x1 + b·x2 = c, class 0 where the left side is larger ------------------

  function drawnLine({ arrays: { weights: w, biases } }) {
    const line = [w[0] - w[2], w[1] - w[3], biases[1] - biases[0]];
    return line.every(Number.isFinite) && Math.hypot(line[0], line[1]) > 0 ? line : null;
  }

  function wantedLine({ meta }) {
    const sign = meta.by_hand.wanted_side === 1 ? 1 : -1;
    return meta.by_hand.wanted_line.map((value) => sign * value);
  }

  function lineThrough([p, q]) {
    const [a, b] = [p[1] - q[1], q[0] - p[0]];
    return [a, b, a * p[0] + b * p[1]];
  }

  // What of a line lies in the picture, class 0 on its left; null for nothing.
  function clip(line, [left, right, low, high]) {
    const length = Math.hypot(line[0], line[1]);
    const [a, b, c] = line.map((value) => value / length);
    const middle = [(left + right) / 2, (low + high) / 2];
    const off = c - a * middle[0] - b * middle[1];
    const foot = [middle[0] + off * a, middle[1] + off * b];
    const along = [b, -a];
    let [from, to] = [-Infinity, Infinity];
    [
      [left, right],
      [low, high],
    ].forEach(([least, most], d) => {
      const ends = [(least - foot[d]) / along[d], (most - foot[d]) / along[d]];
      if (along[d] !== 0) [from, to] = [Math.max(from, Math.min(...ends)), Math.min(to, Math.max(...ends))];
      else if (foot[d] < least || foot[d] > most) to = -Infinity;
    });
    const at = (t) => [foot[0] + t * along[0], foot[1] + t * along[1]];
    return from < to ? [at(from), at(to)] : null; // false for what is no number, too
  }

  function between([p, q], share) {
    return [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])];
  }

  // Handles on a line: where they were, as far as they lie in the picture and apart.
  function placed(line, extent) {
    const ends = clip(line, extent);
    if (!ends) return null;
    const [p, q] = ends;
    const length = Math.hypot(q[0] - p[0], q[1] - p[1]);
    const shares = (handles || [])
      .map((h) => ((h[0] - p[0]) * (q[0] - p[0]) + (h[1] - p[1]) * (q[1] - p[1])) / length ** 2)
      .sort((one, other) => one - other);
    const good = shares.length === 2 && shares[0] > 0.04 && shares[1] < 0.96 && shares[1] - shares[0] > 0.3;
    return (good ? shares : [0.2, 0.8]).map((share) => between(ends, share));
  }

  const sideOf = (extent) => extent[1] - extent[0];

  // ---- What the server hears ---------------------------------------------------------------------

  let number = 0;
  let underWay = 0; // the number of the message that is not answered yet
  let isWaiting = false;
  let lost = null;

  function tell() {
    isWaiting = Boolean(underWay);
    if (underWay) return;
    number += 1;
    underWay = number;
    send({ type: "by_hand", act: "line", ends: handles, number });
    lost = setTimeout(answered, LOST);
  }

  function answered() {
    clearTimeout(lost);
    underWay = 0;
    if (isWaiting) tell();
  }

  function take(frame, extent) {
    if (frame === seen) return;
    seen = frame;
    if (underWay && frame.meta.by_hand?.heard === underWay) answered();
    if (grip || underWay) return;
    const drawn = drawnLine(frame);
    const there = drawn && placed(drawn, extent);
    isDrawn = Boolean(there);
    handles = there || (frame.meta.by_hand ? placed(wantedLine(frame), extent) : null);
  }

  // ---- What is seen ------------------------------------------------------------------------------

  function stroke(context, ground, ends) {
    const [p, q] = ends.map(ground.toPixels);
    context.beginPath();
    context.moveTo(...p);
    context.lineTo(...q);
    context.stroke();
  }

  function paintWanted(context, ground, ends) {
    const { ink, surface } = colours();
    context.setLineDash([6, 5]);
    context.lineWidth = 1.5;
    context.strokeStyle = css(ink, 0.8);
    stroke(context, ground, ends);
    context.setLineDash([]);
    if (isDrawn && near(ends, clip(lineThrough(handles), ground.extent), 0.05 * sideOf(ground.extent))) return;
    const upper = ends[0][1] > ends[1][1] ? ends : [ends[1], ends[0]];
    const [x, y] = ground.toPixels(between(upper, 0.09));
    const onTheRight = x > ground.place.left + ground.place.side / 2;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = onTheRight ? "right" : "left";
    context.lineWidth = 3;
    context.strokeStyle = css(surface, 0.85);
    context.fillStyle = css(ink);
    const at = [x + (onTheRight ? -10 : 10), y + 4];
    context.strokeText("wanted", ...at);
    context.fillText("wanted", ...at);
  }

  function near(ends, others, most) {
    const apart = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]);
    if (!others) return false;
    const straight = Math.max(apart(ends[0], others[0]), apart(ends[1], others[1]));
    const crossed = Math.max(apart(ends[0], others[1]), apart(ends[1], others[0]));
    return Math.min(straight, crossed) < most;
  }

  function paint(context, ground) {
    const { frame, extent, place } = ground;
    take(frame, extent);
    const { ink, surface, accent } = colours();
    context.save();
    context.beginPath();
    context.rect(place.left, place.top, place.side, place.side);
    context.clip();
    const drawn = handles && isDrawn ? clip(lineThrough(handles), extent) : null;
    if (drawn) {
      context.lineWidth = 5;
      context.strokeStyle = css(surface, 0.7);
      stroke(context, ground, drawn);
      context.lineWidth = 2.5;
      context.strokeStyle = css(ink);
      stroke(context, ground, drawn);
    }
    const wanted = frame.meta.by_hand && clip(wantedLine(frame), extent);
    if (wanted) paintWanted(context, ground, wanted);
    for (const handle of handles || []) {
      context.beginPath();
      context.arc(...ground.toPixels(handle), HANDLE, 0, 2 * Math.PI);
      context.fillStyle = css(surface);
      context.fill();
      context.lineWidth = 3.5;
      context.strokeStyle = css(accent);
      context.stroke();
    }
    context.restore();
  }

  // ---- What the user does ------------------------------------------------------------------------

  // Which part of the line is in reach: 0 and 1 are the handles, 2 is what lies between.
  function find(ground, event, [x, y]) {
    if (!handles) return null;
    const isFinger = event.pointerType === "touch";
    const distances = handles.map(ground.toPixels).map(([hx, hy]) => Math.hypot(hx - x, hy - y));
    const nearest = distances[0] <= distances[1] ? 0 : 1;
    if (distances[nearest] <= (isFinger ? 22 : 13)) return nearest;
    const [[px, py], [qx, qy]] = handles.map(ground.toPixels);
    const off = Math.abs((qx - px) * (y - py) - (qy - py) * (x - px)) / Math.hypot(qx - px, qy - py);
    return off <= (isFinger ? 18 : 8) ? 2 : null;
  }

  function inside([x1, x2], [left, right, low, high]) {
    return [Math.min(Math.max(x1, left), right), Math.min(Math.max(x2, low), high)];
  }

  function down(ground, event, place, at) {
    const part = find(ground, event, place);
    if (part === null) return false;
    grip = { part, from: at, handles };
    return true;
  }

  function move(ground, event, place, at) {
    if (!grip) {
      const part = find(ground, event, place);
      cursor = part === null ? "" : part === 2 ? "move" : "grab";
      return false;
    }
    cursor = grip.part === 2 ? "move" : "grabbing";
    const to = inside(at, ground.extent);
    const by = [to[0] - grip.from[0], to[1] - grip.from[1]];
    const moved = grip.handles.map((h, i) => (grip.part === 2 || grip.part === i ? [h[0] + by[0], h[1] + by[1]] : h));
    const [p, q] = moved.map(ground.toPixels);
    // Both handles at one place give no line: the one before stays.
    if (Math.hypot(p[0] - q[0], p[1] - q[1]) > 2 * HANDLE) put(moved);
    return true;
  }

  function up() {
    const was = grip;
    grip = null;
    seen = null; // what was heard in the meantime is taken now
    return Boolean(was);
  }

  function put(moved) {
    handles = moved;
    isDrawn = true;
    tell();
  }

  function key(ground, event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    if (!arrow || !handles || event.ctrlKey || event.metaKey || event.altKey) return false;
    const moved = event.shiftKey ? turned(arrow[0] + arrow[1] < 0 ? TURN : -TURN) : shifted(arrow, sideOf(ground.extent));
    if (moved && clip(lineThrough(moved), ground.extent)) put(moved);
    return true;
  }

  function turned(angle) {
    const middle = between(handles, 0.5);
    return handles.map(([x1, x2]) => {
      const [u, v] = [x1 - middle[0], x2 - middle[1]];
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      return [middle[0] + cos * u - sin * v, middle[1] + sin * u + cos * v];
    });
  }

  // Straight across, to the side on which the arrow points; nowhere along the line.
  function shifted(arrow, side) {
    const [a, b] = lineThrough(handles);
    const length = Math.hypot(a, b);
    const towards = (a * arrow[0] + b * arrow[1]) / length;
    if (Math.abs(towards) < 0.1) return null;
    const by = (Math.sign(towards) * STEP * side) / length;
    return handles.map(([x1, x2]) => [x1 + by * a, x2 + by * b]);
  }

  return {
    hint: "Arrow keys shift the line, with Shift they turn it.",
    paint,
    down,
    move,
    up,
    key,
    get cursor() {
      return cursor;
    },
  };
}
