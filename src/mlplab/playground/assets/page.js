// The page: header, set-up, network, curves, plane, a look inside, and the time line.

const TOOLS = { look: "look", add: "add", move: "move", remove: "remove" };

const MESSAGE_STAYS = 10_000; // milliseconds

const LONGEST = { epoch: 5, step: 7 }; // letters of a number that is written out

const CONNECTION_LOST = "The connection to mlplab play is lost: start it again if it has ended, and reload this page.";

export function render({ model, el, view }) {
  const root = element("div", "playground");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let theme = readTheme();
  root.dataset.theme = theme;
  const send = (message) => model.send_msg(message);
  let cached = null;
  const colours = () => {
    const found = cached || readColours(root, model.palette);
    if (root.isConnected) cached = found; // before, the style sheet does not apply
    return found;
  };

  // ---- Structure -----------------------------------------------------------------------------------

  const header = element("header", "header");
  const brand = element("div", "brand");
  brand.append(element("span", "brand-mark"), element("span", "", "mlplab"), element("span", "brand-sub", "playground"));
  const headControls = element("div", "head-controls");
  headControls.append(model.get_child("transport"));
  const themeButton = button("icon", "◐", "light or dark", () => setTheme(theme === "dark" ? "light" : "dark"));
  header.append(brand, headControls, themeButton);

  const setup = element("aside", "panel setup");
  setup.append(model.get_child("setup"));

  const main = element("main", "centre");
  const tiles = element("div", "tiles");
  const tile = {};
  for (const [name, text] of [
    ["epoch", "epoch"],
    ["step", "update"],
    ["train", "acc. training"],
    ["validation", "acc. validation"],
    ["test", "acc. test"],
    ["loss", "loss, test"],
  ]) {
    const box = element("div", `tile tile-${name}`);
    tile[name] = element("div", "tile-value", "–");
    box.append(tile[name], element("div", "tile-name", text));
    tiles.append(box);
  }
  new ResizeObserver(() => Object.values(tile).forEach(fit)).observe(tiles);
  const network = element("section", "panel network");
  const curves = element("section", "panel curves");
  curves.append(model.get_child("curves"));
  main.append(tiles, network, curves);

  const right = element("section", "right");
  const planePanel = element("section", "panel plane-panel");
  const planeBar = element("div", "plane-bar");
  const planeBox = element("div", "plane-box");
  planePanel.append(planeBox, planeBar);
  const inspectPanel = element("section", "panel inspect");
  right.append(planePanel, inspectPanel);

  const footer = element("footer", "footer");
  const scrub = element("input");
  scrub.type = "range";
  scrub.min = 0;
  scrub.setAttribute("aria-label", "time line: look back at earlier updates");
  const scrubText = element("span", "scrub-text");
  const nowButton = button("small", "now", "back to the present", () => send({ type: "look_back", step: Number(scrub.max) }));
  footer.append(element("span", "scrub-name", "time line"), scrub, scrubText, nowButton);

  const message = element("div", "message");
  message.setAttribute("role", "status");
  message.hidden = true;
  root.append(header, setup, main, right, footer, message);

  // ---- Parts ---------------------------------------------------------------------------------------

  const plane = makePlane(planeBox, send, colours);
  const diagram = makeDiagram(network, send, colours);
  const inspector = makeInspector(inspectPanel, send, colours, plane, main);
  const parts = [plane, diagram, inspector];

  const shown = {};
  const showGroup = element("div", "segmented");
  showGroup.setAttribute("aria-label", "points to show");
  for (const name of ["train", "test", "all"]) {
    shown[name] = button("segment", { train: "training", test: "test", all: "all" }[name], `show ${name} points`, () => showPoints(name));
    showGroup.append(shown[name]);
  }
  const legend = element("div", "legend");
  const tools = element("div", "segmented tools");
  const toolButtons = {};
  for (const [name, text] of Object.entries(TOOLS)) {
    toolButtons[name] = button("segment", text, `${text} points`, () => useTool(name));
    tools.append(toolButtons[name]);
  }
  const classChoice = element("select", "class-choice");
  classChoice.setAttribute("aria-label", "class of the points that are added");
  classChoice.addEventListener("change", () => useTool(tool));
  planeBar.append(showGroup, legend, tools, classChoice);
  let tool = "look";
  function useTool(name) {
    tool = name;
    for (const [other, made] of Object.entries(toolButtons)) made.setAttribute("aria-pressed", String(other === name));
    plane.use(name, classChoice.value);
  }
  function showPoints(name) {
    for (const [other, made] of Object.entries(shown)) made.setAttribute("aria-pressed", String(other === name));
    plane.show(name);
  }
  showPoints("train");
  useTool("look");

  scrub.addEventListener("input", () => send({ type: "look_back", step: Number(scrub.value) }));

  // ---- Theme ---------------------------------------------------------------------------------------

  function readTheme() {
    try {
      const kept = window.localStorage.getItem("mlplab-theme");
      if (kept) return kept;
    } catch {
      // A page may be shown where nothing can be kept: then the system decides.
    }
    return dark.matches ? "dark" : "light";
  }
  function setTheme(name) {
    theme = name;
    try {
      window.localStorage.setItem("mlplab-theme", name);
    } catch {
      // Then the choice lasts as long as the page.
    }
    root.dataset.theme = name;
    document.documentElement.dataset.mlplabTheme = name;
    cached = null;
    model.theme = name;
    for (const part of parts) part.repaint();
    paintLegend();
  }

  // ---- What comes from the server --------------------------------------------------------------------

  let scene = null;
  let waiting = null;
  function paintLegend() {
    if (!scene) return;
    legend.replaceChildren();
    const many = scene.meta.labels.length > 5;
    legend.classList.toggle("many", many);
    scene.meta.labels.slice(0, 10).forEach((label, k) => {
      const entry = element("span", "legend-entry", label);
      entry.title = label;
      const colour = colours().classes[k % colours().classes.length];
      if (many) {
        entry.style.background = css(colour);
        entry.style.color = inkOn(colour);
      } else {
        const dot = element("span", "dot");
        dot.style.background = css(colour);
        entry.prepend(dot);
      }
      legend.append(entry);
    });
  }

  function takeScene() {
    if (!model.scene || !model.scene.byteLength) return;
    scene = unpack(model.scene);
    for (const part of parts) part.setScene(scene);
    if (waiting && waiting.meta.version === scene.meta.version) drawFrame(waiting);
    paintLegend();
    const own = scene.meta.own;
    tools.hidden = !own;
    classChoice.hidden = !own;
    const wanted = classChoice.value;
    classChoice.replaceChildren(...scene.meta.classes_offered.map((label) => new Option(`class ${label}`, label)));
    if (scene.meta.classes_offered.includes(wanted)) classChoice.value = wanted;
    useTool(own ? tool : "look");
    if (own && tool === "look") showPoints("all");
  }

  function takeFrame(content) {
    if (!content || !content.byteLength || !scene) return;
    const frame = unpack(content);
    waiting = frame; // if its scene is still on the way
    if (frame.meta.version === scene.meta.version) drawFrame(frame);
  }

  function drawFrame(frame) {
    waiting = null;
    try {
      for (const part of parts) part.draw(frame);
      paintNumbers(frame.meta);
    } finally {
      send({ type: "drawn", number: frame.meta.number }); // whatever happens, the next may come
    }
    root.dataset.drawn = frame.meta.number;
  }

  function put(name, text, title = "") {
    const isAsWide = outline(tile[name].textContent) === outline(text);
    tile[name].textContent = text;
    tile[name].title = title;
    if (!isAsWide) fit(tile[name]); // to measure costs a layout
  }
  // Texts with one outline are equally wide: digits are (tabular-nums), "9,999" and "16.5K" are not.
  function outline(text) {
    return text.replace(/\d/g, "0");
  }
  // What is too long for its tile is written smaller.
  function fit(box) {
    box.style.fontSize = "";
    const share = box.clientWidth / box.scrollWidth;
    if (share < 1) box.style.fontSize = `${Math.floor(share * parseFloat(getComputedStyle(box).fontSize) * 2) / 2}px`;
  }
  const shortened = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  function putCount(name, count) {
    const exact = count.toLocaleString("en");
    put(name, exact.length > LONGEST[name] ? shortened.format(count) : exact, exact);
  }
  function paintNumbers(meta) {
    putCount("epoch", meta.epoch);
    putCount("step", meta.step);
    for (const name of ["train", "validation", "test"]) {
      const [loss, accuracy] = meta.scores ? meta.scores[name] : [null];
      put(name, loss === null ? "–" : `${(100 * accuracy).toFixed(2)} %`); // a diverged network has no accuracy
    }
    const loss = meta.scores ? meta.scores.test[0] : null;
    put("loss", loss === null ? "–" : loss < 1e5 ? loss.toFixed(4) : loss.toExponential(2));
    scrub.max = meta.last_step;
    if (document.activeElement !== scrub || !meta.looking_back) scrub.value = meta.step;
    scrub.disabled = meta.last_step === 0;
    scrubText.textContent = meta.looking_back
      ? `looking back: update ${meta.step.toLocaleString("en")} of ${meta.last_step.toLocaleString("en")}`
      : meta.status;
    nowButton.hidden = !meta.looking_back;
    root.dataset.state = meta.looking_back ? "back" : meta.playing ? "playing" : "paused";
    root.dataset.step = meta.step;
  }

  let leaving = null;
  let lost = false;
  function takeMessage() {
    if (lost) return;
    message.textContent = model.message;
    message.hidden = !model.message;
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      message.hidden = true;
    }, MESSAGE_STAYS);
  }

  function takeText() {
    const { text } = model.copied;
    if (text) {
      window.history.replaceState(null, "", `#${text}`);
      if (navigator.clipboard) navigator.clipboard.writeText(window.location.href).catch(() => undefined);
    }
  }

  function sayLost() {
    lost = true;
    clearTimeout(leaving);
    message.textContent = CONNECTION_LOST;
    message.hidden = false;
    root.dataset.state = "lost";
  }
  view.model.document.on_event("connection_lost", sayLost);

  // ---- Keyboard --------------------------------------------------------------------------------------

  const keys = { " ": "toggle", ArrowRight: "update", e: "epoch", r: "reset", n: "new_seed" };
  function onKey(event) {
    if (!root.isConnected) {
      window.removeEventListener("keydown", onKey);
      return;
    }
    const target = event.composedPath()[0];
    const isTaken =
      event.defaultPrevented ||
      target.matches?.("input, select, textarea") ||
      (event.key === " " && target.matches?.("button, [role='button']"));
    if (isTaken || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    send({ type: "key", act: keys[event.key] });
  }
  window.addEventListener("keydown", onKey);

  model.on("scene", takeScene);
  model.on("msg:custom", (event) => takeFrame(event.frame));
  model.on("message", takeMessage);
  model.on("copied", takeText);
  takeMessage();
  model.on("after_render", () => {
    setTheme(theme);
    takeScene();
    takeFrame(model.frame);
  });
  window.addEventListener("hashchange", () => openLink());
  function openLink() {
    const fragment = window.location.hash.slice(1);
    if (fragment.startsWith("mlplab-")) send({ type: "link", text: fragment });
  }
  send({ type: "hello", theme });
  openLink();
  return root;
}
