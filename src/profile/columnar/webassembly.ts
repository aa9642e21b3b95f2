/** The part of the WebAssembly JavaScript Interface that is used; TypeScript has it among the types of browsers only. */
interface WebAssemblyInterface {
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (module: WasmModule) => { readonly exports: Record<string, unknown> };
}

export type WasmModule = object;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** @param pages of 64 KB; every `buffer` of before is detached */
  grow(pages: number): number;
}

export interface WasmGlobal {
  readonly value: number | bigint;
}

export const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
