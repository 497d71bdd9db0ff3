// Two hyper-parameters on a grid, the median accuracy in each cell; a click on a cell loads its set-up.

const GRID = { left: 74, right: CORNER + 4, top: 18, bottom: 32 };

function makeMap({ colours, send, ask }) {
  const start = button("wide", "Train the map", "train a few runs in each cell of the map", () =>
    send(underWay ? { type: "stop", study: "map" } : { type: "map", across: sides.across.value, up: sides.up.value }),
  );
  start.disabled = true; // until there are numbers to choose from
  const progress = element("div", "unseen"); // what the picture says, for those who do not see it
  progress.setAttribute("role", "status");
  const sides = { across: element("select"), up: element("select") };
  const choosers = Object.entries(sides).map(([name, chosen]) => {
    const label = element("label", "side", name === "across" ? "→" : "↑");
    chosen.setAttribute("aria-label", name === "across" ? "to the right" : "upwards");
    chosen.addEventListener("change", () => {
      swapIfSame(name);
      ask();
    });
    label.append(chosen);
    return label;
  });
  const box = element("div", "map-cells");
  box.setAttribute("role", "group");
  const tip = element("div", "tip");
  tip.hidden = true;
  let cells = []; // buttons over the picture: row by row from below
  let shown = null; // the map that is painted; before it is trained, an empty one
  let tapped = null;
  let underWay = false;
  let offered = [];
  const before = { across: "", up: "" }; // what was chosen last

  // A map has two sides: who chooses the other side's number gives that side his own.
  function swapIfSame(changed) {
    const other = changed === "across" ? "up" : "across";
    if (sides.across.value === sides.up.value) sides[other].value = before[changed];
    for (const name of ["across", "up"]) before[name] = sides[name].value;
  }

  function fillChoosers(newer) {
    const paths = newer.map((each) => each.path);
    if (paths.join() === offered.map((each) => each.path).join()) {
      offered = newer;
      return;
    }
    offered = newer;
    const usual = { across: "training.batch_size", up: "training.optimizer.learning_rate" };
    for (const [name, chosen] of Object.entries(sides)) {
      const last = chosen.value;
      chosen.replaceChildren(...newer.map((each) => new Option(each.name, each.path)));
      const wanted = paths.includes(last) ? last : paths.find((path) => path.startsWith(usual[name]));
      chosen.value = wanted || paths[0];
    }
    if (sides.across.value === sides.up.value) sides.up.value = paths.find((path) => path !== sides.across.value);
    Object.assign(before, { across: sides.across.value, up: sides.up.value });
  }

  function emptyMap() {
    const [across, up] = ["across", "up"].map((name) => offered.find((each) => each.path === sides[name].value));
    const columns = across.values;
    const rows = up.values;
    return { across: across.path, up: up.path, columns, rows, cells: rows.flatMap(() => columns.map(() => ({}))), empty: true };
  }

  function say({ frame }) {
    const { offered: newer, found } = frame.meta.map;
    fillChoosers(newer);
    start.disabled = false;
    const isChosen = found && found.across === sides.across.value && found.up === sides.up.value;
    shown = isChosen ? found : emptyMap();
    underWay = Boolean(isChosen && found.under_way);
    start.textContent = underWay ? "Stop" : "Train the map";
    progress.textContent = isChosen ? `${found.done} of ${found.total} cells` : "";
    fillCells();
  }

  // ---- Cells -----------------------------------------------------------------------------------------

  const nameOf = (path) => path.split(".").pop().replaceAll("_", " ");
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  const numberOf = (value) => (String(value).length > 8 ? value.toExponential().replace("-", "−") : String(value));

  function fillCells() {
    box.setAttribute("aria-label", `map of ${nameOf(shown.across)} and ${nameOf(shown.up)}`);
    if (cells.length !== shown.cells.length) {
      cells = shown.cells.map((_, place) => makeCell(place));
      box.replaceChildren(...cells, tip);
    }
    const home = Math.max(0, shown.cells.findIndex((cell) => cell.present));
    shown.cells.forEach((cell, place) => {
      cells[place].setAttribute("aria-label", tell(place).join("; "));
      cells[place].setAttribute("aria-disabled", String(!canLoad(place)));
      if (cell.present) cells[place].setAttribute("aria-current", "true");
      else cells[place].removeAttribute("aria-current");
      if (!cells.includes(cells[place].getRootNode().activeElement)) cells[place].tabIndex = place === home ? 0 : -1;
    });
  }

  function makeCell(place) {
    const made = element("button", "map-cell");
    made.type = "button";
    made.addEventListener("click", (event) => {
      // Where nothing hovers, the first tap says what there is, and the second loads it.
      const isFirstTap = event.pointerType === "touch" && tapped !== place;
      tapped = place;
      showTip(place);
      if (!isFirstTap && canLoad(place)) send({ type: "load_cell", row: rowOf(place), column: place % shown.columns.length });
    });
    made.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") showTip(place);
    });
    made.addEventListener("pointerleave", hideTip);
    made.addEventListener("focus", () => showTip(place));
    made.addEventListener("blur", () => {
      tapped = null;
      hideTip();
    });
    made.addEventListener("keydown", (event) => move(event, place));
    return made;
  }

  const rowOf = (place) => Math.floor(place / shown.columns.length);
  const canLoad = (place) => !shown.empty && !shown.cells[place].why;

  function move(event, place) {
    if (event.key === "Escape") hideTip();
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const across = shown.columns.length;
    const column = (place % across) + step[0];
    const row = rowOf(place) + step[1];
    if (column < 0 || column >= across || row < 0 || row >= shown.rows.length) return;
    const next = cells[row * across + column];
    for (const each of cells) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  }

  // What there is to say of a cell, line by line.
  function tell(place) {
    const cell = shown.cells[place];
    const column = shown.columns[place % shown.columns.length];
    const lines = [`${nameOf(shown.across)} ${numberOf(column)}, ${nameOf(shown.up)} ${numberOf(shown.rows[rowOf(place)])}`];
    if (cell.why) return [...lines, cell.why];
    if (!cell.runs) return [...lines, "not trained yet"];
    if (cell.median === undefined) lines.push("most runs diverged: no median");
    else lines.push(`median ${percent(cell.median)}, from ${percent(cell.min)} to ${percent(cell.max)}`);
    lines.push(`of ${cell.runs} runs ${cell.stuck} stuck, ${cell.diverged} diverged`);
    return lines;
  }

  function showTip(place) {
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = cells[place];
    tip.textContent = tell(place).join("\n");
    tip.hidden = false;
    const left = offsetLeft + offsetWidth / 2 - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(2, Math.min(left, box.clientWidth - tip.offsetWidth - 2))}px`;
    const below = offsetTop + offsetHeight + 4;
    const fits = below + tip.offsetHeight <= box.clientHeight;
    tip.style.top = `${fits ? below : Math.max(0, offsetTop - tip.offsetHeight - 4)}px`;
  }

  function hideTip() {
    tip.hidden = true;
  }

  // ---- Picture ---------------------------------------------------------------------------------------

  function paint(context, width, height) {
    if (!shown) return;
    const { ink, muted, line } = colours();
    const across = shown.columns.length;
    const up = shown.rows.length;
    const wide = (width - GRID.left - GRID.right) / across;
    const tall = (height - GRID.top - GRID.bottom) / up;
    const medians = shown.cells.map((cell) => cell.median).filter((median) => median !== undefined);
    const low = Math.min(...medians);
    const high = Math.max(...medians, low + 0.01);
    context.textBaseline = "middle";
    shown.cells.forEach((cell, place) => {
      const x = GRID.left + (place % across) * wide;
      const y = GRID.top + (up - 1 - rowOf(place)) * tall;
      Object.assign(cells[place].style, { left: `${x}px`, top: `${y}px`, width: `${wide - 2}px`, height: `${tall - 2}px` });
      paintCell(context, cell, x, y, wide - 2, tall - 2, (cell.median - low) / (high - low));
    });
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = css(muted);
    context.textAlign = "center";
    shown.columns.forEach((value, i) => {
      context.fillText(numberOf(value), GRID.left + (i + 0.5) * wide, height - GRID.bottom + 6);
    });
    context.textAlign = "right";
    shown.rows.forEach((value, i) => context.fillText(numberOf(value), GRID.left - 5, GRID.top + (up - i - 0.5) * tall));
    context.fillStyle = css(ink);
    context.textAlign = "center";
    context.fillText(`${nameOf(shown.across)} →`, GRID.left + (across * wide) / 2, height - 8);
    context.save();
    context.translate(8, GRID.top + (up * tall) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(`${nameOf(shown.up)} →`, 0, 0);
    context.restore();
    context.fillStyle = css(muted);
    const what = shown.each ? `median test accuracy of ${shown.each} runs, %` : "median test accuracy, %";
    const part = shown.done < shown.total ? `${shown.done} of ${shown.total} cells: ` : "";
    context.fillText(part + what, GRID.left + (across * wide) / 2, 8);
    context.strokeStyle = css(line);
    context.textBaseline = "alphabetic";
  }

  function paintCell(context, cell, x, y, wide, tall, share) {
    const { ink, muted, accent, surface: paper, line } = colours();
    const trained = cell.median !== undefined;
    const fill = trained ? mix(paper, accent, 0.08 + 0.84 * share) : paper;
    context.fillStyle = css(fill);
    context.fillRect(x, y, wide, tall);
    context.lineWidth = 1;
    context.strokeStyle = css(line);
    if (!trained) context.strokeRect(x + 0.5, y + 0.5, wide - 1, tall - 1);
    if (cell.present) {
      context.lineWidth = 2.5;
      context.strokeStyle = css(ink);
      context.strokeRect(x - 0.5, y - 0.5, wide + 1, tall + 1);
    }
    context.fillStyle = trained ? inkOn(fill) : css(muted);
    context.textAlign = "center";
    context.font = `${cell.present ? 650 : 400} ${trained ? 12.5 : 10}px system-ui, sans-serif`;
    const text = trained ? (100 * cell.median).toFixed(1) : cell.runs ? "diverged" : cell.why ? "–" : "";
    context.fillText(text, x + wide / 2, y + tall / 2 + 0.5);
  }

  return { name: "map", group: "Many runs", text: "Map", choice: [start, progress, ...choosers], beside: box, say, paint };
}
