/** Whether something was pressed by a finger, which does not hover: its first tap says what there is. */
export function isTouch(event: MouseEvent): boolean {
  return event instanceof PointerEvent && event.pointerType === "touch";
}
