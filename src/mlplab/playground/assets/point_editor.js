// Own points are added, moved and removed on the plane: by pointer, or by keys, which move a cross.
//
// `plane`: { canvas, ask, toPlane(at), nearest(at), colours }, where `at` are pixels of the canvas, and the
// nearest point is { split, index, to: its coordinates } or null. It is asked as what lies over the plane.

const KEY_STEP = 8; // pixels that an arrow moves the cross; one with Shift
const ARROWS = "Arrows move a cross, with Shift by one pixel; Enter";
const HINTS = {
  add: `${ARROWS} adds a point`,
  move: `${ARROWS} takes the nearest point and puts it down, Escape leaves it where it was`,
  remove: `${ARROWS} removes the nearest point`,
};
const CURSORS = { add: "copy", move: "grab", remove: "not-allowed" };

function makePointEditor(plane, send) {
  let tool = "look";
  let label = "";
  let moved = null; // the point under way
  let cross = null; // where keys have come to

  function add([x1, x2]) {
    send({ type: "add_point", x1, x2, label });
  }

  function take(at) {
    const found = plane.nearest(at);
    if (found && tool === "remove") send({ type: "remove_point", split: found.split, index: found.index });
    else moved = found;
  }

  function drop([x1, x2]) {
    send({ type: "move_point", split: moved.split, index: moved.index, x1, x2 });
    moved = null;
  }

  function forget() {
    moved = null;
    plane.ask();
  }

  function down(ground, event, at, point) {
    cross = null;
    if (tool === "add") add(point);
    else take(at);
    return true;
  }

  // The pointer goes on to tell what is below it.
  function move(ground, event, at, point) {
    if (moved) {
      moved.to = point;
      plane.ask();
    }
    return false;
  }

  function up(ground, event, at, point) {
    if (!moved) return false;
    if (event.type === "pointercancel") forget();
    else drop(point);
    return true;
  }

  function key(ground, event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const isOurs = arrow || event.key === "Enter" || (event.key === "Escape" && moved);
    if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) return false;
    const { clientWidth: width, clientHeight: height } = plane.canvas;
    cross = cross || [width / 2, height / 2];
    if (arrow) {
      const step = event.shiftKey ? 1 : KEY_STEP;
      const [x, y] = [cross[0] + step * arrow[0], cross[1] + step * arrow[1]];
      cross = [Math.max(0, Math.min(width, x)), Math.max(0, Math.min(height, y))];
      if (moved) moved.to = plane.toPlane(cross);
    } else if (event.key === "Escape") forget();
    else if (tool === "add") add(plane.toPlane(cross));
    else if (moved) drop(plane.toPlane(cross));
    else take(cross);
    return true;
  }

  // The cross, and a ring about the point that Enter would take.
  function paint(context, { toPixels }) {
    if (!cross || tool === "look" || !plane.canvas.matches(":focus")) return;
    const { ink, surface, accent } = plane.colours();
    const [x, y] = cross;
    const found = tool === "add" || moved ? null : plane.nearest(cross);
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
  plane.canvas.addEventListener("blur", forget);

  return {
    ...{ down, move, up, key, paint, forget },
    use(name, forLabel) {
      tool = name;
      label = forLabel;
      forget();
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
    get moved() {
      return moved;
    },
    get cross() {
      return cross;
    },
  };
}
