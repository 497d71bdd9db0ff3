// Whether something is pressed: who presses a button must not have it moved away before letting go.

let isPressed = false;

for (const [type, pressed] of Object.entries({ pointerdown: true, pointerup: false, pointercancel: false }))
  addEventListener(type, () => (isPressed = pressed), { capture: true });

/** Call a function: at once, or when what is pressed has been released, just before it is clicked. */
export function onceReleased(call: () => void): void {
  if (isPressed) addEventListener("pointerup", call, { once: true });
  else call();
}
