// What the build puts into the page: the worker's script, and the modules, compressed by gzip, in base64.

declare module "built:worker" {
  const script: string;
  export default script;
}

declare module "built:fused" {
  const base64: string;
  export default base64;
}

declare module "built:exact" {
  const base64: string;
  export default base64;
}
