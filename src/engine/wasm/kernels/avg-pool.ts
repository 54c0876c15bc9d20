/** The mean of each window, padding not counted. */
import { averagePool } from '../../pooling.ts';
import type { WasmKernel } from '../kernel.ts';
import { pool } from '../pool.ts';

export const avgPoolKernel: WasmKernel = {
  name: 'AvgPool',
  reason: 'wrong',
  run: (call) => pool(call, 'AvgPool', averagePool),
};
