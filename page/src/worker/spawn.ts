// Workers from the page's own file: their script and the engine's modules are in it.

import exact from "built:exact";
import fused from "built:fused";
import script from "built:worker";
import { fromBase64 } from "../text/base64.ts";
import type { CompressedModules, FromWorker } from "./messages.ts";

let address: string | null = null;
let modules: CompressedModules | null = null;

/** Begin a worker, whose engine is instantiated before it takes anything else. */
export function spawn(onMessage: (message: FromWorker) => void, onFailure: (sentence: string) => void): Worker {
  address ??= URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  modules ??= { fused: fromBase64(fused)!, exact: fromBase64(exact)! };
  const worker = new Worker(address);
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => onMessage(data);
  worker.onerror = ({ message }) => onFailure(`The page's computation has failed, by a fault of ours: ${message}`);
  worker.postMessage({ kind: "start", modules });
  return worker;
}
