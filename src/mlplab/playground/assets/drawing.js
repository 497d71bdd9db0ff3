// What all canvases share: sharp pixels, colours of the page, marks of the classes.

const SAVED_SCALE = 3; // pixels of a saved picture to one on the page
const CORNER = 36; // of a canvas's width, kept free for its button

// A canvas that fills its box, and whose units are CSS pixels. `paint(context, width, height)` is called
// when asked for and whenever the box changes, at most once a frame; while there is nothing to paint, as
// `isReady()` tells, the last picture stays. A button in the corner saves the picture as a file, of which
// `fileName()` is the name; `ground()` is the colour behind it.
function makeCanvas(box, { label, paint, isReady, fileName, ground }) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  box.append(canvas);
  let waiting = false;
  function paintNow() {
    waiting = false;
    const { clientWidth: width, clientHeight: height } = box;
    if (width < 2 || height < 2 || !isReady()) return;
    const scale = Math.min(window.devicePixelRatio || 1, 2) * (box.currentCSSZoom || 1);
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, width, height);
  }
  function ask() {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(paintNow);
    }
  }
  function save() {
    if (!isReady()) return;
    const large = document.createElement("canvas");
    large.width = SAVED_SCALE * box.clientWidth;
    large.height = SAVED_SCALE * box.clientHeight;
    const context = large.getContext("2d");
    context.scale(SAVED_SCALE, SAVED_SCALE);
    context.fillStyle = css(ground());
    context.fillRect(0, 0, box.clientWidth, box.clientHeight);
    paint(context, box.clientWidth, box.clientHeight);
    large.toBlob((content) => {
      const link = element("a");
      link.href = URL.createObjectURL(content);
      link.download = `${fileName()}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
  const saveButton = button("save", "⤓", "save this picture as PNG", save);
  box.append(saveButton);
  new ResizeObserver(ask).observe(box);
  return { canvas, ask, paintNow, saveButton };
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(className, text, label, act) {
  const made = element("button", className, text);
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function rgb(hex) {
  const value = parseInt(hex.slice(1) || "0", 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function mix(from, to, share) {
  return from.map((channel, i) => Math.round(channel + share * (to[i] - channel)));
}

// A colour as a pixel of an image's buffer.
function pixel([r, g, b]) {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

// What can be read on a ground.
function inkOn(ground) {
  const lightness = (ground[0] * 299 + ground[1] * 587 + ground[2] * 114) / 1000;
  return lightness > 133 ? "#1f2328" : "#ffffff";
}

function css(colour, alpha = 1) {
  return `rgba(${colour[0]}, ${colour[1]}, ${colour[2]}, ${alpha})`;
}

// The page's colours, read from its style sheet, so that light and dark are decided in one place.
function readColours(root, classColours) {
  const style = getComputedStyle(root);
  const read = (name) => rgb(style.getPropertyValue(name).trim());
  const dark = root.dataset.theme === "dark";
  return {
    dark,
    ink: read("--ink"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--surface"),
    accent: read("--accent"),
    wrong: read("--wrong"),
    positive: read("--positive"),
    negative: read("--negative"),
    classes: classColours.map(rgb).map((c) => (dark ? mix(c, [255, 255, 255], 0.25) : c)),
  };
}

// One path for all points of a class: a thousand points are one stroke.
function addMark(path, shape, x, y, r) {
  if (shape === 0) {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  const corners = MARKS[(shape - 1) % MARKS.length];
  corners.forEach(([dx, dy], i) => {
    if (i === 0) path.moveTo(x + dx * r, y + dy * r);
    else path.lineTo(x + dx * r, y + dy * r);
  });
  path.closePath();
}

const MARKS = [
  [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
  [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
  [[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2],
    [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]],
];

// A text that is too wide, with an ellipsis for its end.
function cut(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let kept = text.length - 1;
  while (kept > 0 && context.measureText(`${text.slice(0, kept)}…`).width > width) kept -= 1;
  return kept > 0 ? `${text.slice(0, kept)}…` : "";
}

function short(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 1e5) ? value.toExponential(2) : value.toPrecision(3);
  return text.replace("-", "−");
}
