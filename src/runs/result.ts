/** `result.json`: written once, at the end of a run. */
import type {
  AcceptedRecord,
  BestRecord,
  EngineRecord,
  EventInput,
  ParameterRecord,
  SampleCounts,
  SplitResult,
  WarningEvent,
  WithMaps,
} from './events.ts';
import type { ForkFacts } from './fork/record.ts';
import { readText, replaceFile } from '../files/plain.ts';
import { orderedText, parseOrdered } from './json.ts';
import type { OrderedValue } from './json.ts';
import { runPaths } from './layout.ts';

/** One element of `splits`, also what `mtl evaluate --json` prints. */
export interface SplitSummary extends SplitResult {
  readonly n: number;
}

export interface RunResult {
  readonly v: 1;
  readonly status: Extract<EventInput, { kind: 'end' }>['status'];
  readonly seed: number;
  readonly engine: EngineRecord;
  readonly epochs: number;
  readonly seconds: number;
  readonly parameters: ParameterRecord;
  readonly samples: SampleCounts;
  readonly best: BestRecord | null;
  readonly splits: Readonly<Record<string, SplitSummary>>;
  readonly deltaM?: number;
  /** The run whose checkpoint this one began with; absent where it began with nothing. */
  readonly fork?: ForkFacts;
  /** What the run went on with although it had changed since its start; absent where nothing had. */
  readonly acceptedChanges?: readonly AcceptedRecord[];
  readonly warnings: readonly Omit<WarningEvent, 'kind'>[];
}

/** As the trainer hands it over: Maps wherever names are keys, in source order. */
export type RunResultInput = WithMaps<RunResult>;

/** Writes `result.json` durably; a reader sees all of it or nothing. */
export function writeResult(directory: string, result: RunResultInput): void {
  replaceFile(runPaths(directory).result, `${orderedText(result)}\n`, { sync: true });
}

/** `result.json` in source order, or null when the run has none yet or the file is damaged. */
export function readResult(directory: string): ReadonlyMap<string, OrderedValue> | null {
  const text = readText(runPaths(directory).result, 64 * 1024 * 1024);
  if (text === null) return null;
  try {
    const value = parseOrdered(text);
    return value instanceof Map && value.get('v') === 1 ? value : null;
  } catch {
    return null;
  }
}
