/** Saving and reading the state of metric sums. */

import { CheckpointError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import type { Json } from '../../../common/checks.ts';

export function fieldsOf(state: Json): { readonly [key: string]: Json } {
  if (typeof state === 'object' && state !== null && !Array.isArray(state))
    return state as { readonly [key: string]: Json };
  throw new CheckpointError(
    text(
      'The saved metric sums are not an object: the checkpoint is damaged.',
      '保存的指标累计值不是对象：检查点已损坏。',
    ),
  );
}

/** Copies saved numbers into an array of the same length. */
export function fillFrom(array: Float64Array, state: Json | undefined, what: string): void {
  if (!Array.isArray(state) || state.length !== array.length) {
    throw new CheckpointError(
      text(
        `The saved metric sums "${what}" do not fit this task: the checkpoint belongs to another model.`,
        `保存的指标累计值“${what}”与此任务不符：该检查点属于其他模型。`,
      ),
    );
  }
  for (const [index, value] of (state as readonly Json[]).entries()) array[index] = Number(value);
}

/** A saved number; NaN and the infinities are saved as words. */
export function numberFrom(state: Json | undefined): number {
  return typeof state === 'number' || typeof state === 'string' ? Number(state) : 0;
}

/** A growing list of float32 numbers; saved as base64 of its bytes (little-endian on every platform Node runs on). */
export class FloatList {
  #values = new Float32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length++] = value;
  }

  /** Appends `count` numbers of a list, from a place on. */
  append(values: ArrayLike<number>, from: number, count: number): void {
    this.#reserve(count);
    for (let place = 0; place < count; place++) this.#values[this.#length + place] = values[from + place] ?? 0;
    this.#length += count;
  }

  /** All of them; a view that later numbers may leave behind. */
  values(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#values.length) return;
    const larger = new Float32Array(Math.max(this.#values.length * 2, this.#length + count));
    larger.set(this.values());
    this.#values = larger;
  }

  state(): string {
    return Buffer.from(this.#values.slice(0, this.#length).buffer).toString('base64');
  }

  restore(state: Json | undefined): void {
    const bytes = Uint8Array.from(Buffer.from(typeof state === 'string' ? state : '', 'base64'));
    if (bytes.length % 4 !== 0)
      throw new CheckpointError(
        text(
          'The saved metric sums hold a torn list: the checkpoint is damaged.',
          '保存的指标累计值含有不完整的列表：检查点已损坏。',
        ),
      );
    this.#values = bytes.length > 0 ? new Float32Array(bytes.buffer) : new Float32Array(256);
    this.#length = bytes.length / 4;
  }
}
