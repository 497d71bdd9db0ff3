// Own points are added, moved and removed on the plane: by pointer, or by keys, which move a cross.
//
// `plane`: { canvas, ask, toPlane(at), nearest(at), colours }, where `at` are pixels of the canvas, and the
// nearest point is { split, index, to: its coordinates } or null. It is asked as what lies over the plane.

const KEY_STEP = 8; // pixels that an arrow moves the cross; one with Shift
const ANSWERED = 2000; // milliseconds after which what was sent counts as refused
const ARROWS = "Arrows move a cross, with Shift by one pixel; Enter";
const HINTS = {
  add: `${ARROWS} adds a point`,
  move: `${ARROWS} takes the point that is ringed and puts it down, Escape leaves it where it was`,
  remove: `${ARROWS} removes the point that is ringed`,
};
const CURSORS = { add: "copy", move: "grab", remove: "not-allowed" };

function makePointEditor(plane, send) {
  let tool = "look";
  let label = "";
  let held = null; // the point that is moved, and by what: a pointer's number, or "keys"
  let cross = null; // where keys have come to
  let unanswered = 0; // edits after which no scene has come yet
  let clock = null;

  // To move or remove names a point by its place among those that are shown: it waits for the last edit's.
  function edit(message) {
    unanswered += 1;
    clearTimeout(clock);
    clock = setTimeout(settle, ANSWERED);
    send(message);
  }

  function takeScene() {
    unanswered -= 1;
    if (unanswered <= 0) settle();
  }

  // Begin again with the points that are shown.
  function settle() {
    clearTimeout(clock);
    unanswered = 0;
    held = null;
    plane.ask();
  }

  function settleIfAnswered() {
    if (unanswered) plane.ask();
    else settle();
  }

  function add([x1, x2]) {
    edit({ type: "add_point", x1, x2, label });
  }

  function take(at, by) {
    const found = unanswered ? null : plane.nearest(at);
    if (!found) return;
    if (tool === "remove") edit({ type: "remove_point", split: found.split, index: found.index });
    else held = { ...found, by };
  }

  // It stays where it was put until the answer comes.
  function drop([x1, x2]) {
    const { split, index } = held;
    held = { split, index, to: [x1, x2], by: null };
    edit({ type: "move_point", split, index, x1, x2 });
  }

  // ---- By pointer ------------------------------------------------------------------------------------

  function down(ground, event, at, point) {
    if (held?.by === "keys") settle();
    cross = null;
    if (tool === "add") add(point);
    else take(at, event.pointerId);
    return true;
  }

  // The plane goes on to tell what is below the pointer.
  function move(ground, event, at, point) {
    if (held?.by === event.pointerId) {
      held.to = point;
      plane.ask();
    }
    return false;
  }

  function up(ground, event, at, point) {
    if (held?.by !== event.pointerId) return false;
    if (event.type === "pointercancel") settle();
    else drop(point);
    return true;
  }

  // ---- By keys ---------------------------------------------------------------------------------------

  function crossMovedBy(x, y) {
    const { clientWidth: width, clientHeight: height } = plane.canvas;
    const [left, top] = cross || [width / 2, height / 2];
    return [Math.max(0, Math.min(width, left + x)), Math.max(0, Math.min(height, top + y))];
  }

  function go([right, down], step) {
    cross = crossMovedBy(step * right, step * down);
    if (held?.by === "keys") held.to = plane.toPlane(cross);
  }

  function enter() {
    if (tool === "add") add(plane.toPlane(cross));
    else if (held?.by === "keys") drop(plane.toPlane(cross));
    else take(cross, "keys");
  }

  function key(ground, event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const isEscape = event.key === "Escape" && held && !unanswered;
    if (!(arrow || isEscape || event.key === "Enter")) return false;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (isEscape) settle();
    else if (held && !unanswered && held.by !== "keys") return true; // a pointer has it
    else if (arrow) go(arrow, event.shiftKey ? 1 : KEY_STEP);
    else if (!cross) go([0, 0], 0); // it is to be seen before it does something
    else if (!event.repeat) enter();
    return true;
  }

  // The cross, and a ring about the point that Enter would take.
  function paint(context, { toPixels }) {
    if (!cross || tool === "look" || !plane.canvas.matches(":focus")) return;
    const { ink, surface, accent } = plane.colours();
    cross = crossMovedBy(0, 0); // the canvas may have become smaller
    const [x, y] = cross;
    const found = tool === "add" || held || unanswered ? null : plane.nearest(cross);
    const path = new Path2D();
    path.moveTo(x - 9, y);
    path.lineTo(x + 9, y);
    path.moveTo(x, y - 9);
    path.lineTo(x, y + 9);
    for (const [lineWidth, colour] of [[4, surface], [1.5, ink]]) {
      context.lineWidth = lineWidth;
      context.strokeStyle = css(colour);
      context.stroke(path);
    }
    if (!found) return;
    context.beginPath();
    context.arc(...toPixels(found.to), 8, 0, 2 * Math.PI);
    context.lineWidth = 2.5;
    context.strokeStyle = css(accent);
    context.stroke();
  }

  plane.canvas.addEventListener("focus", plane.ask);
  plane.canvas.addEventListener("blur", settleIfAnswered);

  return {
    ...{ down, move, up, key, paint, takeScene },
    use(name, forLabel) {
      tool = name;
      label = forLabel;
      settleIfAnswered();
    },
    get isAtWork() {
      return tool !== "look";
    },
    get hint() {
      return HINTS[tool];
    },
    get cursor() {
      return CURSORS[tool];
    },
    get held() {
      return held;
    },
    get cross() {
      return cross;
    },
  };
}
