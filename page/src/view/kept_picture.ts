// A part of a picture that is painted anew only when it is another one: a thousand strokes take long.

/** Draws the part; it is painted if one of the values that it depends on, or the canvas's size, has changed. */
export type KeptPicture = (
  context: CanvasRenderingContext2D,
  dependsOn: readonly unknown[],
  paint: (context: CanvasRenderingContext2D) => void,
) => void;

export function makeKeptPicture(): KeptPicture {
  const canvas = document.createElement("canvas");
  let painted: readonly unknown[] = [];
  return (context, dependsOn, paint) => {
    const { width, height } = context.canvas;
    const wanted = [width, height, ...dependsOn];
    if (wanted.length !== painted.length || wanted.some((value, i) => value !== painted[i])) {
      painted = wanted;
      canvas.width = width;
      canvas.height = height;
      const onCanvas = canvas.getContext("2d");
      if (onCanvas === null) return;
      onCanvas.setTransform(context.getTransform());
      paint(onCanvas);
    }
    context.save();
    context.resetTransform();
    context.drawImage(canvas, 0, 0);
    context.restore();
  };
}
