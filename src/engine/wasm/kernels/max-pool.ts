/** The largest of each window, or not-a-number. */
import { maxPool } from '../../pooling.ts';
import type { WasmKernel } from '../kernel.ts';
import { pool } from '../pool.ts';

export const maxPoolKernel: WasmKernel = {
  name: 'MaxPool',
  reason: 'wrong',
  run: (call) => pool(call, 'MaxPool', maxPool),
};
