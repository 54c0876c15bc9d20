/** What is read of a run directory to compare it with others. */
import * as path from 'node:path';
import type { Text } from '../../common/text.ts';
import { readFingerprints } from '../../runs/fingerprints.ts';
import type { ForkRecord } from '../../runs/fork/record.ts';
import { readFrozen, resolvedText } from '../../runs/frozen.ts';
import { isOrderedMap, type OrderedValue } from '../../runs/json.ts';
import { glance, type RunEntry } from '../../runs/list.ts';
import { readIdentity } from '../../runs/reader.ts';
import { readSpec, type Spec } from '../../spec/index.ts';
import type { Cell, SplitName } from './contract.ts';
import { emptyCell, valueCell } from './contest.ts';
import { EpochReader, type EpochMetrics } from './epochs.ts';
import { ComparisonError } from './error.ts';

type Fields = ReadonlyMap<string, OrderedValue>;

/** What is read of one run directory. */
export interface PlainRun {
  readonly id: string;
  readonly name: string;
  readonly spec: Spec;
  readonly state: RunEntry['state'];
  readonly problem: Text | null;
  readonly result: Fields | null;
  readonly engine: string | null;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly created: number;
  /** A person has pinned it as reference. */
  readonly pinned: boolean;
  readonly fork: ForkRecord | null;
  /** What its finished epochs had on the validation split. */
  readonly epochs: readonly EpochMetrics[];
}

/**
 * @param history reads its epochs; kept by who reads a run again and again
 * @throws RunError where the directory is no run of ours, ComparisonError where its spec cannot be read by this version
 */
export function readPlainRun(directory: string, history = new EpochReader(directory)): PlainRun {
  const { spec } = readSpec(resolvedText(readFrozen(directory)));
  const entry = glance(directory);
  if (spec === undefined) {
    throw new ComparisonError(
      `The spec of the run "${entry.name}" cannot be read by this version.`,
      `当前版本无法读取运行“${entry.name}”的实验描述文件。`,
    );
  }
  const prints = readFingerprints(directory);
  const known = prints === null || prints === 'damaged' ? null : prints;
  const { name, version } = known?.engine ?? {};
  return {
    ...{ id: path.basename(directory), name: entry.name, spec, state: entry.state, problem: entry.problem },
    result: entry.result,
    engine: name === undefined ? null : [name, version].filter((part) => part !== undefined).join(' '),
    files: (known?.files ?? []).map(({ path: file, sha256 }) => ({ path: file, sha256 })),
    ...{ created: entry.created, pinned: entry.notes.pinned, fork: readIdentity(directory).fork },
    epochs: history.read(),
  };
}

export const mapOf = (value: OrderedValue | undefined): Fields | undefined => (isOrderedMap(value) ? value : undefined);
export const numberOf = (value: OrderedValue | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

export const splitOf = (result: Fields, split: SplitName): Fields | undefined =>
  mapOf(mapOf(result.get('splits'))?.get(split));

/** What a run that has ended had on a split, with the model that it kept. */
export function keptCell(
  { result, state }: Pick<PlainRun, 'result' | 'state'>,
  { task, metric }: { readonly task: string; readonly metric: string },
  split: SplitName,
): Cell {
  if (state === 'failed' || state === 'crashed') return emptyCell('failed');
  if (result === null) return emptyCell('missing');
  const of = mapOf(mapOf(splitOf(result, split)?.get('metrics'))?.get(task));
  const value = numberOf(of?.get(metric));
  return value === null ? emptyCell('undefined') : valueCell(value);
}
