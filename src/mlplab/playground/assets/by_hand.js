// Task 3: weights that draw a line, put in by hand.

function makeByHand({ send }) {
  const acts = ["equation 11", "equation 12", "switch"].map((act) =>
    button("wide", act === "switch" ? "switch the labels" : act, act, () => send({ type: "by_hand", act })),
  );
  const said = element("div", "said");

  return {
    name: "by hand",
    text: "Task 3",
    choice: acts,
    beside: said,
    applies: ({ meta }) => meta.sizes.length === 2 && meta.sizes[1] === 2, // two classes, no hidden layer
    say({ frame }) {
      if (frame.meta.by_hand) {
        said.textContent = `${frame.meta.by_hand} Click a link or an output above to change its weight or bias.`;
      }
    },
  };
}
