/**
 * A graph at work in TensorFlow: programs (some placeholders in, some outputs back) over variables that stay in the
 * session between runs. A graph that is loaded cannot grow: for another program, load a larger graph and move the
 * variables' values.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TFJSBinding } from '../tfjs-node.ts';
import { CaptureError } from '../../capture-error.ts';
import { encodeSavedModel, servingTag } from './saved-model.ts';
import { dataTypes, type Node, type Output } from './graph-words.ts';

export type Values = Float32Array | Int32Array | Uint8Array;

/** What a placeholder takes: the values themselves, or the id of a tensor that TensorFlow already has. */
export type Feed = Values | number;

export interface FeedPlace {
  readonly output: Output;
  readonly type: number;
  readonly shape: readonly number[];
}

export interface Program {
  readonly feeds: readonly FeedPlace[];
  readonly fetches: readonly Output[];
}

/** A program bound to a session. */
export interface Runner {
  /**
   * @param feeds in the order of the program's; values must not change afterwards
   * @returns one array for each fetch
   */
  run(feeds: readonly Feed[]): Values[];
}

export class Session {
  readonly #binding: TFJSBinding;
  #id: number | null;

  private constructor(binding: TFJSBinding, id: number) {
    this.#binding = binding;
    this.#id = id;
  }

  /** @throws CaptureError when TensorFlow refuses the graph */
  static load(binding: TFJSBinding, nodes: Iterable<Node>): Session {
    // Readable for this user alone, and gone as soon as it is loaded.
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-graph-'));
    try {
      fs.writeFileSync(path.join(folder, 'saved_model.pb'), encodeSavedModel(nodes), { mode: 0o600 });
      return new Session(binding, binding.loadSavedModel(folder, servingTag));
    } catch (error) {
      const words = wordsOf(error);
      throw new CaptureError(`TensorFlow does not take the graph (${words})`, `TensorFlow 不接受该计算图（${words}）`, {
        cause: error,
      });
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }

  runner({ feeds, fetches }: Program): Runner {
    const inputNames = feeds.map(({ output }) => nameOf(output)).join(',');
    const outputNames = fetches.map(nameOf).join(',');
    const sizes = feeds.map(({ shape }) => sizeOf(shape));
    const run = (given: readonly Feed[]): Values[] => {
      if (this.#id === null) throw new CaptureError('the session has ended', '会话已结束');
      const own: number[] = [];
      try {
        const ids = feeds.map(({ type, shape }, place) => {
          const feed = given[place];
          if (typeof feed === 'number') return feed;
          // TensorFlow does not check: a tensor of another shape would run and give nonsense.
          if (feed === undefined || feed.length !== sizes[place] || typeOfValues(feed) !== type) {
            throw new CaptureError(
              `feed ${String(place)} does not have the shape [${shape.join(', ')}]`,
              `第 ${String(place)} 个输入的形状不是 [${shape.join(', ')}]`,
            );
          }
          const id = this.#binding.createTensor([...shape], type, feed);
          own.push(id);
          return id;
        });
        const results = this.#binding.runSavedModel(this.#id, ids, inputNames, outputNames);
        for (const { id } of results) own.push(id);
        return results.map(({ id }) => this.#binding.tensorDataSync(id));
      } finally {
        for (const id of own) this.#binding.deleteTensor(id);
      }
    };
    return { run };
  }

  dispose(): void {
    if (this.#id !== null) this.#binding.deleteSavedModel(this.#id);
    this.#id = null;
  }
}

function nameOf({ node, index }: Output): string {
  return index === 0 ? node.name : `${node.name}:${String(index)}`;
}

function typeOfValues(values: Values): number {
  if (values instanceof Float32Array) return dataTypes.float;
  return values instanceof Int32Array ? dataTypes.int32 : dataTypes.bool;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
