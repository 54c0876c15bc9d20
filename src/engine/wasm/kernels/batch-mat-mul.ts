/**
 * C = op(A) op(B) over broadcast batches, in the one form that tfjs-backend-wasm does fast: untransposed, batch 1,
 * the smaller operand second.
 * Transposed operands are transposed first (a pass over memory against a tenfold slower product); larger batches run
 * as one product after the other on tensors registered inside the operands' memory. int32 is computed here.
 */
import type { BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from '../../tfjs.ts';
import { allocate, dispose, numbers, reshaped, shapeText, sizeOf, zeros, type BackendWasm } from '../heap.ts';
import { attributes, input, run, runStock, type KernelCall, type WasmKernel } from '../kernel.ts';

interface Product {
  readonly left: number;
  readonly inner: number;
  readonly right: number;
  readonly outer: readonly number[];
}

/** Shapes of op(A) = [..., left, inner] and op(B) = [..., inner, right]; the batch extents broadcast. */
function productOf(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): Product {
  const [rowsA = 1, columnsA = 1] = a.shape.slice(-2);
  const [rowsB = 1, columnsB = 1] = b.shape.slice(-2);
  const inner = transposeA ? rowsA : columnsA;
  if (inner !== (transposeB ? columnsB : rowsB)) {
    throw new Error(
      `matMul of ${shapeText(a)} and ${shapeText(b)}: the inner extents differ ` +
        `(transposeA ${String(transposeA)}, transposeB ${String(transposeB)}).`,
    );
  }
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { left: transposeA ? columnsA : rowsA, inner, right: transposeB ? rowsB : columnsB, outer };
}

/** Swaps the last two axes; the result must be disposed. */
export function swapLastAxes(backend: BackendWasm, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => axis);
  perm[rank - 2] = rank - 1;
  perm[rank - 1] = rank - 2;
  return run(backend, 'Transpose', { x }, { perm });
}

/** [left, inner] × [inner, right], both row-major. */
export function multiplyMatrices(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  return runStock(backend, 'BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
}

function offsetOf(backend: BackendWasm, info: TensorInfo): number {
  return backend.dataIdMap.get(info.dataId).memoryOffset;
}

/**
 * For every batch index of the result, the index into an operand whose own batch extents broadcast to it.
 */
function batchIndices(outer: readonly number[], own: readonly number[]): number[] {
  const count = sizeOf(outer);
  const strides: number[] = [];
  let stride = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    const extent = own[axis] ?? 1;
    strides[axis] = extent === 1 ? 0 : stride;
    stride *= extent;
  }
  const shift = outer.length - own.length;
  return Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    let index = 0;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const extent = outer[axis] ?? 1;
      index += (rest % extent) * (strides[axis - shift] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return index;
  });
}

/** A float32 matrix inside another tensor's memory; kernels know tensors by these ids. */
function registerInside(backend: BackendWasm, shape: number[], memoryOffset: number): TensorInfo {
  return backend.makeOutput(shape, 'float32', memoryOffset);
}

/** Forgets such a matrix without freeing the memory, which is not its own. */
function unregister(backend: BackendWasm, info: TensorInfo): void {
  const { id } = backend.dataIdMap.get(info.dataId);
  backend.wasm.tfjs.disposeData(id);
  backend.dataIdMap.delete(info.dataId);
}

function multiplyBatches(backend: BackendWasm, a: TensorInfo, b: TensorInfo, product: Product): TensorInfo {
  const { left, inner, right, outer } = product;
  const out = allocate(backend, [...outer, left, right], 'float32');
  const indexA = batchIndices(outer, a.shape.slice(0, -2));
  const indexB = batchIndices(outer, b.shape.slice(0, -2));
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  for (let batch = 0; batch < indexA.length; batch++) {
    const partA = registerInside(
      backend,
      [1, left, inner],
      offsetOf(backend, a) + (indexA[batch] ?? 0) * left * inner * bytes,
    );
    const partB = registerInside(
      backend,
      [1, inner, right],
      offsetOf(backend, b) + (indexB[batch] ?? 0) * inner * right * bytes,
    );
    const part = multiplyMatrices(backend, partA, partB);
    const target = numbers(backend, out);
    target.set(numbers(backend, part), batch * left * right);
    dispose(backend, part);
    unregister(backend, partA);
    unregister(backend, partB);
  }
  return out;
}

/** Products of whole numbers, summed exactly up to 2^53 and stored modulo 2^32 as the cpu backend does. */
function multiplyIntegers(backend: BackendWasm, a: TensorInfo, b: TensorInfo, product: Product): TensorInfo {
  const { left, inner, right, outer } = product;
  const out = allocate(backend, [...outer, left, right], 'int32');
  const [x, y, z] = [numbers(backend, a), numbers(backend, b), numbers(backend, out)];
  const indexA = batchIndices(outer, a.shape.slice(0, -2));
  const indexB = batchIndices(outer, b.shape.slice(0, -2));
  for (let batch = 0; batch < indexA.length; batch++) {
    const atX = (indexA[batch] ?? 0) * left * inner;
    const atY = (indexB[batch] ?? 0) * inner * right;
    for (let i = 0; i < left; i++) {
      for (let j = 0; j < right; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += (x[atX + i * inner + k] ?? 0) * (y[atY + k * right + j] ?? 0);
        z[(batch * left + i) * right + j] = sum;
      }
    }
  }
  return out;
}

function multiply(backend: BackendWasm, a: TensorInfo, b: TensorInfo, product: Product): TensorInfo {
  const { left, inner, right, outer } = product;
  if (sizeOf(outer) * left * inner * right === 0) {
    const empty = zeros(backend, [...outer, left, right]);
    return empty;
  }
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return multiplyIntegers(backend, a, b, product);
  if (sizeOf(outer) > 1) return multiplyBatches(backend, a, b, product);
  const a3 = reshaped(backend, a, [1, left, inner]);
  const b3 = reshaped(backend, b, [1, inner, right]);
  const out = multiplyMatrices(backend, a3, b3);
  dispose(backend, a3, b3);
  return { ...out, shape: [...outer, left, right] };
}

/**
 * Whether (op(B)ᵀ op(A)ᵀ)ᵀ is cheaper than op(A) op(B). XNNPACK packs its second operand anew for every product, at
 * about three times the cost of transposing it, so the smaller operand should be second; a call costs as much as
 * transposing some thousand numbers. Costs in numbers moved.
 */
function turnedIsCheaper(
  sizeA: number,
  sizeB: number,
  sizeC: number,
  transposeA: boolean,
  transposeB: boolean,
): boolean {
  const transpose = (size: number): number => size + 3000;
  const straight = (transposeA ? transpose(sizeA) : 0) + (transposeB ? transpose(sizeB) : 0) + 3 * sizeB;
  const turned =
    (transposeA ? 0 : transpose(sizeA)) + (transposeB ? 0 : transpose(sizeB)) + 3 * sizeA + transpose(sizeC);
  return turned < straight;
}

function batchMatMul(call: KernelCall): TensorInfo {
  const { backend } = call;
  const a = input(call, 'BatchMatMul', 'a');
  const b = input(call, 'BatchMatMul', 'b');
  const { transposeA, transposeB } = attributes<BatchMatMulAttrs>(call);
  const product = productOf(a, b, transposeA, transposeB);
  const { left, inner, right, outer } = product;
  const single = sizeOf(outer) === 1 && a.dtype === 'float32' && b.dtype === 'float32';
  if (single && turnedIsCheaper(left * inner, inner * right, left * right, transposeA, transposeB)) {
    const turned = straight(backend, b, a, !transposeB, !transposeA, { left: right, inner, right: left, outer });
    const out = swapLastAxes(backend, turned);
    dispose(backend, turned);
    return out;
  }
  return straight(backend, a, b, transposeA, transposeB, product);
}

function straight(
  backend: BackendWasm,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  product: Product,
): TensorInfo {
  const plainA = transposeA ? swapLastAxes(backend, a) : a;
  const plainB = transposeB ? swapLastAxes(backend, b) : b;
  const out = multiply(backend, plainA, plainB, product);
  if (plainA !== a) dispose(backend, plainA);
  if (plainB !== b) dispose(backend, plainB);
  return out;
}

export const batchMatMulKernel: WasmKernel = { name: 'BatchMatMul', reason: 'slow', run: batchMatMul };
