// Looks inside: views, of which one is open; the server sends what the open one shows.
//
// A view has a name, by which the server knows it, and a text; and, where it wants to:
//   group                  the tab that it shares with others; else a tab of its own
//   choice                 elements for the row above the canvas
//   beside                 an element over the canvas
//   overlay                what it lays over the plane (see plane.js)
//   applies(scene)         whether it is there for this network
//   setShape(scene)        the network has another shape
//   wanted()               more to tell the server of what it shows
//   say({ scene, frame })  bring its elements up to date
//   paint(context, width, height, { scene, frame })
//
// It can be enlarged: then it takes the place of the network and its curves, `lectern`.

function makeInspector(box, send, colours, plane, lectern) {
  let scene = null;
  let frame = null;
  const strip = element("div", "tabs");
  strip.setAttribute("role", "tablist");
  const body = element("div", "inspect-body");
  const choice = element("div", "inspect-choice");
  const surface = element("div", "inspect-surface");
  body.append(choice, surface);
  const usualPlace = box.parentElement;
  const enlarge = button("enlarge", "⤢", "enlarge", () => setLarge(!box.classList.contains("large")));
  const head = element("div", "inspect-head");
  head.append(strip, enlarge);
  box.append(head, body);
  const canvas = makeCanvas(surface, {
    label: "Inside the network",
    paint,
    isReady: () => Boolean(scene && frame),
    fileName: () => open.name.replaceAll(" ", "_"),
    ground: () => colours().surface,
  });
  const given = { send, colours, tell, ask: canvas.ask };
  const makers = [makeConfusion, makeHiddenSpace, makeHistograms, makeReplication, makeComparison, makeMap, makeByHand];
  const views = makers.map((make) => make(given));
  let open = views[0];
  const tabs = new Map(); // from the text of a tab to its views
  for (const each of views) {
    const text = each.group || each.text;
    tabs.set(text, [...(tabs.get(text) || []), each]);
    if (each.beside) surface.append(each.beside);
  }
  const tabButtons = new Map();
  for (const [text, members] of tabs) {
    const made = button("tab", text, text, () => openView(members.includes(open) ? open : members[0]));
    made.setAttribute("role", "tab");
    tabButtons.set(members, made);
    strip.append(made);
  }

  function openView(chosen) {
    open = chosen;
    mark();
    tell();
    canvas.ask();
  }

  function mark() {
    let siblings = [];
    for (const [members, made] of tabButtons) {
      made.setAttribute("aria-selected", String(members.includes(open)));
      made.hidden = Boolean(scene) && !members.some((each) => !each.applies || each.applies(scene));
      if (members.includes(open)) siblings = members;
    }
    canvas.saveButton.hidden = !open.paint;
    for (const each of views) if (each.beside) each.beside.hidden = each !== open;
    plane.lay(open.overlay);
    choice.replaceChildren(...(siblings.length > 1 ? [chooser(siblings)] : []), ...(open.choice || []));
  }

  function chooser(siblings) {
    const group = element("div", "segmented");
    for (const each of siblings) {
      const made = button("segment", each.text, each.text, () => openView(each));
      made.setAttribute("aria-pressed", String(each === open));
      group.append(made);
    }
    return group;
  }

  function tell() {
    send({ type: "inspect", what: open.name, layer: 0, neurons: null, ...open.wanted?.() });
  }

  function paint(context, width, height) {
    // A frame that was sent before its view was opened does not hold what it shows.
    if (frame.meta.inspected !== open.name) return;
    open.say?.({ scene, frame });
    open.paint?.(context, width, height, { scene, frame });
  }

  function setLarge(large) {
    const covered = [...lectern.children].filter((each) => each.matches(".network, .curves"));
    (large ? lectern : usualPlace).append(box);
    box.classList.toggle("large", large);
    for (const each of covered) each.inert = large;
    enlarge.textContent = large ? "✕" : "⤢";
    const text = large ? "back to its place" : "enlarge";
    enlarge.title = text;
    enlarge.setAttribute("aria-label", text);
    enlarge.focus();
  }
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.classList.contains("large")) return;
    event.stopPropagation();
    setLarge(false);
  });

  mark();
  return {
    setScene(newer) {
      const same = scene && JSON.stringify(scene.meta.sizes) === JSON.stringify(newer.meta.sizes);
      scene = newer;
      frame = null;
      if (same) return;
      for (const each of views) each.setShape?.(scene);
      if (open.applies && !open.applies(scene)) open = views[0];
      mark();
      tell();
    },
    draw(newer) {
      frame = newer;
      canvas.paintNow();
    },
    repaint: canvas.ask,
  };
}
