/**
 * Access to the wasm backend's heap for kernels written here. An allocation may grow the heap, and growing detaches
 * every view taken before: allocate all outputs first, take views afterwards.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

export type { BackendWasm };

function isWasm(backend: unknown): backend is BackendWasm {
  return typeof backend === 'object' && backend !== null && 'wasm' in backend && 'dataIdMap' in backend;
}

/** The backend that tfjs hands over untyped. */
export function wasmBackend(backend: unknown): BackendWasm {
  if (isWasm(backend)) return backend;
  throw new Error('A kernel of the embedded engine was called on another backend.');
}

/** View of a float32 tensor's elements, row-major. Valid until the next allocation. */
export function floats(backend: BackendWasm, info: TensorInfo): Float32Array {
  const view = backend.typedArrayFromHeap(info);
  if (view instanceof Float32Array) return view;
  throw new Error(`Expected a float32 tensor, got ${info.dtype} ${shapeText(info)}.`);
}

/** View of a numeric or boolean tensor's elements. Valid until the next allocation. */
export function numbers(backend: BackendWasm, info: TensorInfo): Float32Array | Int32Array | Uint8Array {
  const view = backend.typedArrayFromHeap(info);
  if (view instanceof Float32Array || view instanceof Int32Array || view instanceof Uint8Array) return view;
  throw new Error(`Expected numbers, got ${info.dtype} ${shapeText(info)}.`);
}

/** A new tensor; its elements are whatever the heap held. */
export function allocate(backend: BackendWasm, shape: readonly number[], dtype: DataType): TensorInfo {
  return backend.makeOutput([...shape], dtype);
}

/** A new float32 tensor of zeros. */
export function zeros(backend: BackendWasm, shape: readonly number[]): TensorInfo {
  const out = allocate(backend, shape, 'float32');
  floats(backend, out).fill(0);
  return out;
}

/** The same elements under another shape; both infos must be disposed (the data is counted). */
export function reshaped(backend: BackendWasm, info: TensorInfo, shape: readonly number[]): TensorInfo {
  backend.incRef(info.dataId);
  return { dataId: info.dataId, shape: [...shape], dtype: info.dtype };
}

export function dispose(backend: BackendWasm, ...infos: readonly TensorInfo[]): void {
  for (const info of infos) backend.disposeData(info.dataId);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

export function shapeText(info: { readonly shape: readonly number[] }): string {
  return `[${info.shape.join(', ')}]`;
}
