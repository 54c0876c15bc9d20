/**
 * The one place that loads TensorFlow.js. Import `tf` and `tfl` from here: tfjs-layers registers every gradient (AddN
 * included) when it is loaded, and one import path keeps one copy of tfjs-core in the process, in a bundle and under
 * tsx alike. Write `tf.add(x, y)`: of the chained operators only those that tfjs itself uses are registered.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as cpuBackend from '@tensorflow/tfjs-backend-cpu';
import { registerChainedOperations } from './chained.ts';

// tfjs talks to the console about faster packages and twice registered kernels; production mode ends that.
tf.enableProdMode();
registerChainedOperations();

export { cpuBackend, tf, tfl, wasm };
