/**
 * The functions of `worker.cjs` that verbs call: the only code with tensors, so it is loaded when it is needed and not
 * before.
 */
import { createRequire } from 'node:module';
import type { Text } from '../common/text.ts';
import type { Spec } from '../spec/index.ts';
import { CliError } from './error.ts';
import { programFile } from './places.ts';

/** One element of `splits` (conventions 12): plain objects or Maps where names are keys. */
export interface SplitJson {
  readonly n: number;
  readonly losses: unknown;
  readonly metrics: unknown;
}

export type Cell = string | number | null;

/** Rows of predictions; the first column is the row's number in the data file. */
export interface PredictionTable {
  readonly columns: readonly string[];
  /** Null where there is no prediction: a row that training would have dropped. */
  readonly rows: readonly (readonly Cell[])[];
  /** For stderr, e.g. how many rows have no prediction. */
  readonly warnings?: readonly Text[];
}

export type SuggestionMethod = 'complexity' | 'data' | 'performance' | 'initial-loss';

/** Weights by one method, with the numbers behind them. */
export interface SuggestionJson {
  readonly by: SuggestionMethod;
  readonly formula: string;
  readonly details: readonly {
    readonly task: string;
    readonly weight: number;
    readonly numbers: ReadonlyMap<string, number>;
    readonly text: Text;
  }[];
  readonly warnings: readonly Text[];
}

/** Why a method has nothing to say. */
export interface RefusalJson {
  readonly by: SuggestionMethod;
  readonly refused: Text;
}

export interface WorkerBundle {
  suggest(
    spec: Spec,
    place: { readonly specFile: string; readonly root: string; readonly allowOutside: boolean },
    request: {
      readonly by?: SuggestionMethod;
      readonly power?: number;
      readonly split?: 'train' | 'validation';
      readonly run: string | null;
      readonly batches?: number;
      readonly assetsDirectory: string;
    },
  ): Promise<readonly (SuggestionJson | RefusalJson)[]>;
  readonly suggestionNote: Text;
  evaluateRun(
    run: string,
    options: {
      readonly split?: string;
      readonly data?: string;
      readonly root: string;
      readonly allowOutside: boolean;
      readonly memory?: number;
    },
  ): Promise<{ readonly summary: SplitJson; readonly warnings: readonly Text[] }>;
  predictRun(
    run: string,
    options: {
      readonly data: string;
      readonly proba: boolean;
      readonly root: string;
      readonly allowOutside: boolean;
      readonly memory?: number;
    },
  ): Promise<PredictionTable>;
}

/** @throws CliError when the bundle is missing or is not of this version */
export function loadWorker(): WorkerBundle {
  const file = programFile('worker.cjs');
  const loaded: unknown = createRequire(file)(file);
  if (isWorkerBundle(loaded)) return loaded;
  throw new CliError(
    'worker.cjs is of another version. Install the extension again, or run "npm run build".',
    'worker.cjs 版本不符。请重新安装扩展，或运行“npm run build”。',
  );
}

function isWorkerBundle(value: unknown): value is WorkerBundle {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string): boolean => name in value && typeof Reflect.get(value, name) === 'function';
  return ['evaluateRun', 'predictRun', 'suggest'].every(has) && 'suggestionNote' in value;
}
