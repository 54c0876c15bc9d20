/** The activations that tfjs's fused operations name, as calls of their own. */
import { text } from '../../common/text.ts';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { dispose, type BackendWasm } from './heap.ts';
import { run } from './kernel.ts';

const kernels: ReadonlyMap<string, string> = new Map([
  ['elu', 'Elu'],
  ['leakyrelu', 'LeakyRelu'],
  ['prelu', 'Prelu'],
  ['relu', 'Relu'],
  ['relu6', 'Relu6'],
  ['sigmoid', 'Sigmoid'],
]);

/**
 * Applies a fused operation's activation to its result, which is disposed. The backend's fused forms clamp with
 * XNNPACK, which turns not-a-number into the lower bound, and refuse elu.
 */
export function activate(
  backend: BackendWasm,
  x: TensorInfo,
  activation: string,
  alphas: { readonly leaky: number; readonly prelu: TensorInfo | undefined },
): TensorInfo {
  if (activation === 'linear') return x;
  const kernel = kernels.get(activation);
  if (kernel === undefined) {
    throw new EngineError(
      'operation-unsupported',
      text(
        `No fused activation "${activation}": use the activation as a layer of its own.`,
        `没有可融合的激活函数“${activation}”：请将激活函数写为单独的层。`,
      ),
    );
  }
  const inputs = alphas.prelu === undefined ? { x } : { x, alpha: alphas.prelu };
  const out = run(backend, kernel, inputs, activation === 'leakyrelu' ? { alpha: alphas.leaky } : {});
  dispose(backend, x);
  return out;
}
