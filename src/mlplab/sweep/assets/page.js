// The page: menus, the pointer and the keyboard change what is shown; `show` draws it.

const byId = (id) => document.getElementById(id);

/** Write a value of a measure, as the figures do. */
function writtenValue(value, measure) {
  if (measure.is_fraction) return `${(100 * value).toFixed(2)} %`;
  return Math.abs(value) >= 0.001 && Math.abs(value) < 1e5 ? value.toFixed(4) : digits(value, 3);
}

async function start() {
  const description = JSON.parse(byId("description").textContent);
  const axes = { x: new MapAxis(description.x), y: new MapAxis(description.y) };
  const columns = axes.x.count;
  const bytes = await inflated(byId("numbers").textContent);
  const cells = new Cells(description, unpacked(bytes, description.arrays, columns * axes.y.count));
  const view = new View(axes.x, axes.y);
  const drawing = new Drawing(byId("map"), view);
  const canvas = byId("map");
  const first = description.measures.find((measure) => measure.name === description.measure);
  const state = { measure: first, quantity: "mean", cursor: null, field: null };

  function limits() {
    if (state.quantity === "mean") return state.measure.limits;
    return state.quantity === "width" ? state.measure.width_limits : [0, 1];
  }

  /** Return the table of colours for what is shown. */
  function table() {
    if (state.quantity === "mean") {
      const colours = colourTable(description.colours.values);
      return state.measure.lower_is_better ? colours.reverse() : colours;
    }
    const colours = colourTable(description.colours.failures);
    // No failure and no width look like the page.
    return matchMedia("(prefers-color-scheme: dark)").matches ? colours.reverse() : colours;
  }

  function paint() {
    const values = cells.field(state.quantity, state.measure);
    const { trained } = cells.arrays;
    state.field = fieldPicture({ values, trained, columns, rows: axes.y.count, limits: limits(), table: table() });
    state.hasDiverged = values.some((value, cell) => Number.isNaN(value) && trained[cell]);
    state.hasMissing = trained.some((count) => count === 0);
    showScale();
    show();
  }

  function showScale() {
    const colours = table();
    const stops = Array.from({ length: 17 }, (_, i) => colours[Math.round((i / 16) * (colours.length - 1))]);
    byId("scale").style.background = `linear-gradient(to right, ${stops.map((c) => `rgb(${c})`).join(", ")})`;
    const name = byId("quantity").selectedOptions[0].textContent;
    const isOfMeasure = ["mean", "width"].includes(state.quantity);
    const words = state.quantity === "failed" ? `${name} (stuck or diverged)` : name;
    byId("scale-title").textContent = isOfMeasure ? `${state.measure.title}: ${words}` : words;
    const [low, high] = limits();
    const written = (value) => (isOfMeasure ? writtenValue(value, state.measure) : `${100 * value} %`);
    const isCut = isOfMeasure && (state.quantity === "mean" ? state.measure.is_cut : state.measure.width_is_cut);
    // Beyond one end lie the worst values: of means where the measure says, of widths the greatest.
    const worstIsHigh = state.quantity === "width" || state.measure.lower_is_better;
    byId("scale-low").textContent = `${isCut && !worstIsHigh ? "≤ " : ""}${written(low)}`;
    byId("scale-middle").textContent = written((low + high) / 2);
    byId("scale-high").textContent = `${isCut && worstIsHigh ? "≥ " : ""}${written(high)}`;
    byId("mark-best").hidden = !state.measure.best;
    byId("mark-alike").hidden = !state.measure.has_alike;
    byId("mark-published").hidden = !description.published;
    byId("mark-diverged").hidden = !state.hasDiverged;
    byId("mark-missing").hidden = !state.hasMissing;
  }

  function show() {
    const { measure, cursor } = state;
    const alike = measure.has_alike ? cells.arrays[`${measure.name} alike`] : null;
    drawing.draw(state.field, { alike, best: measure.best, published: description.published, cursor });
    const text = view.window;
    byId("window").textContent = text ?? "A window needs axes of log: or lin: on both sides.";
    byId("copy").disabled = text === null;
    byId("window-hint").hidden = text === null;
    read();
  }

  /** Return what is known of the cell under the cursor: pairs of a word and a text. */
  function known() {
    const { cursor, measure } = state;
    const cell = cells.at(cursor.y * columns + cursor.x, measure);
    const known = [
      [axes.x.setting, axes.x.label(cursor.x)],
      [axes.y.setting, axes.y.label(cursor.y)],
    ];
    if (!cell.trained) return [...known, ["runs", "not trained"]];
    if (cell.count) known.push([measure.title, writtenValue(cell.mean, measure), "mean"]);
    else known.push([measure.title, "every run diverged", "mean"]);
    if (cell.count > 1) {
      known.push(["95 % interval", `${writtenValue(cell.low, measure)} to ${writtenValue(cell.high, measure)}`]);
    } else if (cell.count) known.push(["95 % interval", "none of one run"]);
    known.push(["N (runs in the mean)", `${cell.count} of ${cell.trained}`]);
    known.push(["stuck", `${cell.stuck} of ${cell.trained}`], ["diverged", `${cell.diverged} of ${cell.trained}`]);
    if (cell.isAlike) known.push(["", "cannot be told from the best"]);
    return known;
  }

  function read() {
    const list = byId("readout");
    const rows = state.cursor ? known() : [["", "Point at a cell to read it."]];
    list.replaceChildren(
      ...rows.map(([word, text, kind]) => {
        const row = document.createElement("div");
        if (kind) row.className = kind;
        const [term, value] = [document.createElement("dt"), document.createElement("dd")];
        // A path of a setting may break after its dots.
        word.split(/(?<=\.)/).forEach((piece) => term.append(piece, document.createElement("wbr")));
        value.textContent = text;
        row.append(term, value);
        return row;
      }),
    );
  }

  let isAsked = false;
  function showSoon() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      show();
    });
  }

  function pointAt(event) {
    const place = drawing.place(event.clientX, event.clientY);
    state.cursor = drawing.shows(place) ? { x: Math.round(place.x), y: Math.round(place.y) } : null;
  }

  const middle = () => ({ x: (view.x[0] + view.x[1]) / 2, y: (view.y[0] + view.y[1]) / 2 });
  const zoomBy = (factor, place = state.cursor ?? middle()) => {
    view.zoom(factor, place);
    showSoon();
  };
  const showAll = () => {
    view.reset();
    showSoon();
  };

  // ---- Menus and buttons

  const menu = byId("measure");
  menu.replaceChildren(...description.measures.map((measure) => new Option(measure.title, measure.name)));
  menu.value = first.name;
  menu.addEventListener("change", () => {
    state.measure = description.measures[menu.selectedIndex];
    paint();
  });
  byId("quantity").addEventListener("change", (event) => {
    state.quantity = event.target.value;
    paint();
  });
  byId("nearer").addEventListener("click", () => zoomBy(2, middle()));
  byId("farther").addEventListener("click", () => zoomBy(1 / 2, middle()));
  byId("all").addEventListener("click", showAll);
  byId("copy").addEventListener("click", async () => {
    const range = document.createRange();
    range.selectNodeContents(byId("window"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const isCopied = await (navigator.clipboard?.writeText(view.window) ?? Promise.reject()).then(
      () => true,
      () => document.execCommand("copy"),
    );
    byId("copy").textContent = isCopied ? "Copied" : "Press Ctrl+C";
    setTimeout(() => (byId("copy").textContent = "Copy"), 1500);
  });

  // ---- The pointer: one moves the map, two zoom it

  const held = new Map();
  let wasMoved = false;
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoomBy(2 ** ((-event.deltaY * lines) / 240), drawing.place(event.clientX, event.clientY));
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    wasMoved = held.size > 1;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (before) drag(event, before);
    if (!wasMoved) pointAt(event);
    showSoon();
  });
  function drag(event, before) {
    const now = { x: event.clientX, y: event.clientY };
    if (!wasMoved && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
    wasMoved = true;
    canvas.classList.add("moving");
    const other = [...held.entries()].find(([id]) => id !== event.pointerId)?.[1];
    const from = drawing.place(before.x, before.y);
    const to = drawing.place(now.x, now.y);
    if (other) {
      const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y);
      const factor = apart(now) / Math.max(apart(before), 1);
      view.zoom(factor, drawing.place((now.x + other.x) / 2, (now.y + other.y) / 2));
      view.move({ x: (from.x - to.x) / 2 / factor, y: (from.y - to.y) / 2 / factor });
    } else view.move({ x: from.x - to.x, y: from.y - to.y });
    held.set(event.pointerId, now);
  }
  function letGo(event) {
    held.delete(event.pointerId);
    if (!held.size) canvas.classList.remove("moving");
    if (!wasMoved && event.type === "pointerup") pointAt(event);
    if (!held.size) wasMoved = false;
    showSoon();
  }
  canvas.addEventListener("pointerup", letGo);
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("pointerleave", (event) => {
    if (held.size || event.pointerType === "touch") return;
    state.cursor = null;
    showSoon();
  });
  canvas.addEventListener("dblclick", showAll);

  // ---- The keyboard

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      const size = event.shiftKey ? 10 : 1;
      const from = state.cursor ?? { x: Math.round(middle().x), y: Math.round(middle().y) };
      const within = (value, axis) => Math.min(Math.max(value, 0), axis.count - 1);
      const by = state.cursor ? size : 0;
      state.cursor = { x: within(from.x + by * step[0], axes.x), y: within(from.y + by * step[1], axes.y) };
      view.include(state.cursor);
      byId("spoken").textContent = known().map(([word, text]) => `${word} ${text}`).join(", ");
    } else if (event.key === "+" || event.key === "=") zoomBy(2);
    else if (event.key === "-") zoomBy(1 / 2);
    else if (event.key === "0" || event.key === "Home") showAll();
    else if (event.key === "Escape") state.cursor = null;
    else return;
    event.preventDefault();
    showSoon();
  });

  new ResizeObserver(showSoon).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();
  canvas.dataset.drawn = "yes";
}

function complain(text) {
  byId("message").textContent = text;
  byId("message").hidden = false;
}

if (!("DecompressionStream" in window && "OffscreenCanvas" in window)) {
  complain("This browser is too old for this page: it needs one from 2023 or later.");
} else {
  start().catch((error) => {
    complain(`The page could not draw its map: ${error.message}`);
    throw error;
  });
}
