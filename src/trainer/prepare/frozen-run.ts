/** What a run was asked to do, as it was frozen when the run was made. No tensors here. */
import { text } from '../../common/text.ts';
import * as path from 'node:path';
import type { Attempt } from '../../runs/attempts.ts';
import {
  readFrozen,
  readRunRecord,
  resolvedText,
  sha256,
  specFileOf,
  type FrozenModule,
  type FrozenSpec,
} from '../../runs/frozen.ts';
import type { ForkRecord } from '../../runs/fork/record.ts';
import { readSpecValue, type Spec } from '../../spec/index.ts';
import { problemList, TrainingError } from '../errors.ts';

/** Where a run's files are looked for. */
export interface RunPlace {
  readonly specFile: string;
  readonly root: string;
  readonly allowOutside: boolean;
}

export interface FrozenRun {
  readonly spec: Spec;
  /** SHA-256 of the resolved long form: what a checkpoint belongs to. */
  readonly hash: string;
  readonly place: RunPlace;
  readonly name: string;
  /** The spec's file relative to the folder that it belongs to, with `/`. */
  readonly specName?: string;
  /** The run whose checkpoint it begins with. */
  readonly fork?: ForkRecord;
  /** The user's own code that the spec names, as it was when the run was made. */
  readonly modules?: readonly FrozenModule[];
}

/** The long form is read like any text: a run directory may come from anywhere. */
function specOf(frozen: FrozenSpec): Spec {
  const { spec, problems } = readSpecValue(frozen.resolved);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (spec && errors.length === 0) return spec;
  const list = problemList(errors);
  throw new TrainingError(
    'invalid-spec',
    text(
      `The spec frozen with this run cannot be executed. ${list.en}`,
      `无法执行随此运行冻结的实验描述文件。${list.zh}`,
    ),
  );
}

/** Reads what was frozen when the run was made. */
export function readRun(directory: string, attempt: Pick<Attempt, 'root' | 'allowOutside'>): FrozenRun {
  const record = readRunRecord(directory);
  const frozen = readFrozen(directory);
  const root = path.resolve(directory, attempt.root);
  return {
    spec: specOf(frozen),
    hash: sha256(resolvedText(frozen)),
    place: { specFile: specFileOf(directory, record, root), root, allowOutside: attempt.allowOutside },
    name: record.name,
    specName: record.spec,
    modules: record.modules ?? [],
    ...(record.fork === undefined ? {} : { fork: record.fork }),
  };
}
