/**
 * The one place that loads tfjs-node's JavaScript: its backend and kernels, and neither its entry point nor the package
 * that looks for an addon. The bundle takes the same modules from the package's TypeScript (scripts/lib/bundles.mjs),
 * because its JavaScript is ES5, which cannot extend the classes of tfjs-core's ES modules.
 */
import './util-shim.ts';
import '@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js';

export { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

export type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

/** An attribute of an operation: the package declares a class, and means its shape. */
export type Attribute = Pick<TFEOpAttr, keyof TFEOpAttr>;
