/** tfjs's registries, typed as they behave: a name that is not there gives nothing. */
import type { GradConfig, KernelConfig } from '@tensorflow/tfjs-core';
import { tf } from './tfjs.ts';

export function findKernel(name: string, backend: string): KernelConfig | undefined {
  return tf.getKernel(name, backend);
}

export function findGradient(name: string): GradConfig | undefined {
  return tf.getGradient(name);
}

export function isBackendRegistered(name: string): boolean {
  const factory: unknown = tf.findBackendFactory(name);
  return typeof factory === 'function';
}
