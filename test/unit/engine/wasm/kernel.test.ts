import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { openEngine } from '../../../../src/engine/open.ts';
import { EngineError } from '../../../../src/engine/errors.ts';
import { findKernel } from '../../../../src/engine/registry.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { activate } from '../../../../src/engine/wasm/activation.ts';
import { allocate, dispose, floats, numbers, wasmBackend, zeros } from '../../../../src/engine/wasm/heap.ts';
import type { BackendWasm } from '../../../../src/engine/wasm/heap.ts';
import { installKernels } from '../../../../src/engine/wasm/install.ts';
import {
  attributes,
  input,
  keepStock,
  refuseChannelsFirst,
  run,
  runStock,
} from '../../../../src/engine/wasm/kernel.ts';
import { wasmKernels } from '../../../../src/engine/wasm/kernels.ts';
import { assetsDirectory } from '../support.ts';

let engine: Engine;
let backend: BackendWasm;
before(async () => {
  engine = await openEngine('wasm', { assetsDirectory });
  backend = wasmBackend(engine.backend);
});
after(() => {
  engine.dispose();
});

test('of a kernel that gives several tensors the first is taken, and one that gives none is named', () => {
  const info = (at: number): TensorInfo => ({ dataId: {}, shape: [at], dtype: 'float32' });
  const several = [info(1), info(2)];
  keepStock('GivesSeveral', () => several);
  assert.equal(runStock(backend, 'GivesSeveral', {}), several[0]);
  keepStock('GivesNothing', () => []);
  assert.throws(() => runStock(backend, 'GivesNothing', {}), /^Error: Kernel GivesNothing returned nothing\.$/);
  assert.throws(() => run(backend, 'NoSuchKernel', {}), /^Error: No kernel NoSuchKernel for the wasm engine\.$/);
});

test('the first kernel kept under a name stays, and is called with what the caller says', () => {
  const calls: unknown[] = [];
  const out: TensorInfo = { dataId: {}, shape: [], dtype: 'float32' };
  keepStock('KeptOnce', (call) => {
    calls.push(call);
    return out;
  });
  keepStock('KeptOnce', () => assert.fail('the second took its place'));
  const x: TensorInfo = { dataId: {}, shape: [3], dtype: 'int32' };
  assert.equal(runStock(backend, 'KeptOnce', { x }, { axis: 2 }), out);
  assert.equal(runStock(backend, 'KeptOnce', {}), out);
  assert.deepEqual(calls, [
    { backend, inputs: { x }, attrs: { axis: 2 } },
    { backend, inputs: {}, attrs: {} },
  ]);
});

test('an input that is missing and channels first are refused by the name of the kernel', () => {
  const x: TensorInfo = { dataId: {}, shape: [3], dtype: 'int32' };
  const call = { backend, inputs: { x }, attrs: { axis: 2 } };
  assert.equal(input(call, 'Some', 'x'), x);
  assert.throws(() => input(call, 'Some', 'dy'), /^Error: Kernel Some was called without dy\.$/);
  assert.equal(attributes(call), call.attrs);
  refuseChannelsFirst('Some', 'NHWC');
  assert.throws(() => {
    refuseChannelsFirst('Some', 'NCHW');
  }, /^Error: Kernel Some takes its channels last \(NHWC\)\.$/);
});

/** What each kernel cannot do without. */
const needed: Readonly<Record<string, readonly string[]>> = {
  AdamUpdate: ['value', 'gradient', 'mean', 'square'],
  AvgPool: ['x'],
  AvgPoolGrad: ['dy', 'input'],
  BatchMatMul: ['a', 'b'],
  Cast: ['x'],
  ClipByValue: ['x'],
  Conv2DBackpropFilter: ['x', 'dy'],
  Conv2DBackpropInput: ['dy', 'filter'],
  Conv3DBackpropInputV2: ['dy', 'filter'],
  DepthwiseConv2dNativeBackpropFilter: ['x', 'dy'],
  DepthwiseConv2dNativeBackpropInput: ['dy', 'filter'],
  _FusedMatMul: ['a', 'b'],
  Identity: ['x'],
  MaxPool: ['x'],
  MaxPoolGrad: ['dy', 'input'],
  Maximum: ['a', 'b'],
  Mean: ['x'],
  Minimum: ['a', 'b'],
  Relu6: ['x'],
  ReluGrad: ['y', 'dy'],
  ResizeNearestNeighborGrad: ['dy', 'images'],
  Sign: ['x'],
  Slice: ['x'],
  SplitV: ['x'],
  StridedSlice: ['x'],
  Sum: ['x'],
  Unpack: ['value'],
  UnsortedSegmentSum: ['x', 'segmentIds'],
};

test('every kernel says by its own name which of its inputs is missing', () => {
  const one = tf.zeros([1, 1, 1, 1]);
  for (const { name, run: kernel } of wasmKernels) {
    for (const missing of needed[name] ?? []) {
      const others = (needed[name] ?? []).filter((other) => other !== missing);
      const inputs = Object.fromEntries(others.map((other) => [other, one]));
      assert.throws(
        () => kernel({ backend, inputs, attrs: {} }),
        { message: `Kernel ${name} was called without ${missing}.` },
        name,
      );
    }
  }
  const einsum = wasmKernels.find(({ name }) => name === 'Einsum');
  const attrs = { equation: 'i->i' };
  assert.throws(() => einsum?.run({ backend, inputs: { x: one }, attrs }), {
    message: 'Kernel Einsum was called without 0.',
  });
  one.dispose();
});

test('installing the kernels again changes nothing', () => {
  const found = (): unknown[] => wasmKernels.map(({ name }) => findKernel(name, 'wasm'));
  const installed = found();
  wasmKernels.forEach(({ run: kernel }, at) => {
    assert.equal((installed[at] as { kernelFunc: unknown }).kernelFunc, kernel);
  });
  installKernels(wasmKernels);
  found().forEach((config, at) => {
    assert.equal(config, installed[at]);
  });
});

test('views of the heap are refused where the type is another, by type and shape', () => {
  const whole = tf.tensor2d([[1, 2, 3]], [1, 3], 'int32');
  const truth = tf.tensor1d([1, 0], 'bool');
  assert.deepEqual(numbers(backend, whole), Int32Array.of(1, 2, 3));
  assert.deepEqual(numbers(backend, truth), Uint8Array.of(1, 0));
  assert.throws(() => floats(backend, whole), /^Error: Expected a float32 tensor, got int32 \[1, 3\]\.$/);
  assert.throws(() => floats(backend, truth), /^Error: Expected a float32 tensor, got bool \[2\]\.$/);
  tf.dispose([whole, truth]);
  for (const other of [null, undefined, 'wasm', {}, { wasm: {} }, { dataIdMap: new Map() }]) {
    assert.throws(() => wasmBackend(other), /^Error: A kernel of the embedded engine was called on another backend\.$/);
  }
});

test('zeros are zeros also where the heap held something else', () => {
  const before = backend.numDataIds();
  const used = allocate(backend, [64], 'float32');
  floats(backend, used).fill(7);
  dispose(backend, used);
  const out = zeros(backend, [8, 8]);
  assert.deepEqual(floats(backend, out), new Float32Array(64));
  dispose(backend, out);
  assert.equal(backend.numDataIds(), before);
});

test('fused activations: none is the tensor itself, an unknown one is refused in both languages', () => {
  const alphas = { leaky: 0.5, prelu: undefined };
  const x = allocate(backend, [3], 'float32');
  floats(backend, x).set([-2, 0.5, 9]);
  assert.equal(activate(backend, x, 'linear', alphas), x);
  assert.throws(
    () => activate(backend, x, 'swish', alphas),
    (error) => {
      assert.ok(error instanceof EngineError);
      assert.equal(error.code, 'operation-unsupported');
      assert.match(error.text.en, /^No fused activation "swish": use/);
      assert.match(error.text.zh, /^没有可融合的激活函数“swish”：/);
      return true;
    },
  );
  const before = backend.numDataIds();
  const out = activate(backend, x, 'leakyrelu', alphas);
  assert.deepEqual(floats(backend, out), Float32Array.of(-1, 0.5, 9));
  assert.equal(backend.numDataIds(), before, 'what went in is freed');
  dispose(backend, out);
});

test('what needs complex numbers is refused by name, in both languages; what draws on a canvas is not there', () => {
  const x = tf.zeros([2]);
  for (const name of ['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real']) {
    const counted = engine.fallbacks().get(name);
    assert.throws(
      () => tf.engine().runKernel(name, { input: x, x, real: x, imag: x }),
      (error) => {
        assert.ok(error instanceof EngineError, name);
        assert.equal(error.code, 'operation-unsupported');
        assert.match(error.text.en, new RegExp(`has no complex numbers: the operation ${name} cannot run`));
        assert.match(error.text.zh, new RegExp(`没有复数，无法执行运算 ${name}。`));
        return true;
      },
    );
    assert.equal(engine.fallbacks().get(name), counted);
  }
  x.dispose();
  for (const name of ['Draw', 'FromPixels']) assert.equal(findKernel(name, 'wasm'), undefined, name);
});
