/** What a kernel of ours is, and how kernels call each other. */
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { findKernel } from '../registry.ts';
import type { BackendWasm } from './heap.ts';

export interface KernelCall {
  readonly backend: BackendWasm;
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
}

export interface WasmKernel {
  /** The name under which tfjs looks the kernel up. */
  readonly name: string;
  /** `missing`: tfjs-backend-wasm has none; `wrong`, `slow`, `refused`: what is the matter with the one it has. */
  readonly reason: 'missing' | 'wrong' | 'slow' | 'refused';
  readonly run: (call: KernelCall) => TensorInfo | TensorInfo[];
}

type StockKernel = (call: KernelCall) => TensorInfo | TensorInfo[];
const stock = new Map<string, StockKernel>();

/** Remembers tfjs-backend-wasm's own kernel before ours takes its name. */
export function keepStock(name: string, kernel: StockKernel): void {
  if (!stock.has(name)) stock.set(name, kernel);
}

/** Runs tfjs-backend-wasm's own kernel, also where ours has taken its name. */
export function runStock(
  backend: BackendWasm,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap = {},
): TensorInfo {
  const kernel = stock.get(name);
  return kernel === undefined ? run(backend, name, inputs, attrs) : single(name, kernel({ backend, inputs, attrs }));
}

/** Runs the kernel now registered for the wasm backend: ours where there is one. */
export function run(
  backend: BackendWasm,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap = {},
): TensorInfo {
  const config = findKernel(name, 'wasm');
  if (config === undefined) throw new Error(`No kernel ${name} for the wasm engine.`);
  return single(name, config.kernelFunc({ inputs, backend, attrs }));
}

function single(name: string, result: TensorInfo | TensorInfo[]): TensorInfo {
  const info = Array.isArray(result) ? result[0] : result;
  if (info === undefined) throw new Error(`Kernel ${name} returned nothing.`);
  return info;
}

/** The named input, or an error that names the kernel. */
export function input(call: KernelCall, kernel: string, name: string): TensorInfo {
  const info = call.inputs[name];
  if (info === undefined) throw new Error(`Kernel ${kernel} was called without ${name}.`);
  return info;
}

/** The backend's convolution takes channels last alone, and so do the gradients. */
export function refuseChannelsFirst(kernel: string, dataFormat: 'NHWC' | 'NCHW'): void {
  if (dataFormat === 'NCHW') throw new Error(`Kernel ${kernel} takes its channels last (NHWC).`);
}

/** Attributes of a tfjs kernel, whose types tfjs-core publishes but whose map is untyped. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the one place that gives tfjs's untyped map its type
export function attributes<T>(call: KernelCall): T {
  return call.attrs as unknown as T;
}
