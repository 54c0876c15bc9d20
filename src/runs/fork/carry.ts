/**
 * What of a run's state a fork with another spec can go on with, place by place of the long form. Pure. A checkpoint holds
 * numbers without the names of what they mean: only what leaves them their meaning may differ.
 */
import { text, type Text } from '../../common/text.ts';
import { parsePointer, plateauMonitor, type Difference, type Spec } from '../../spec/index.ts';
import type { NotCarried } from './record.ts';

/** What a difference means for the state. */
type Meaning =
  /** Nothing that is trained depends on it. */
  | 'words'
  /** The state keeps its meaning, and what has been best so far stays comparable. */
  | 'length'
  /** From here on the numbers are others. */
  | 'course'
  /** As `course`; fits at the end of an epoch only. */
  | 'order'
  | Refused;

interface Refused {
  readonly why: Text;
}

const network: Refused = { why: text('another network', '网络不同') };
const data: Refused = { why: text('other data', '数据不同') };
const targets: Refused = { why: text('other targets', '目标不同') };
const batches: Refused = {
  why: text('another place in the data for every step', '每一步在数据中的位置都会不同'),
};

const sections: Readonly<Record<string, Meaning>> = {
  $schema: 'words',
  name: 'words',
  description: 'words',
  experiment: 'words',
  network,
  data,
  tasks: targets,
  weights: 'course',
  strategy: 'course',
  // The members of `training` that are not named below change the course.
  training: 'course',
};

const ofTraining: Readonly<Record<string, Meaning>> = {
  epochs: 'length',
  steps: 'length',
  checkpoint: 'length',
  affinity: 'length',
  engine: 'length',
  evaluateEvery: 'length',
  report: 'length',
  conventions: network,
  batchSize: batches,
  accumulate: batches,
  sampling: batches,
  seed: 'order',
};

const ofSeeds: Readonly<Record<string, Meaning>> = { init: 'words', order: 'order', dropout: 'course' };

const lookUp = (table: Readonly<Record<string, Meaning>>, key: string | undefined): Meaning | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

function meaningOf({ pointer }: Pick<Difference, 'pointer'>): Meaning {
  const [section, key, inner] = parsePointer(pointer) ?? [];
  if (section === 'training') {
    const own = key === 'seeds' ? (lookUp(ofSeeds, inner) ?? 'order') : lookUp(ofTraining, key);
    return own ?? 'course';
  }
  // What nobody has judged yet is refused: better no fork than one whose numbers mean something else.
  return lookUp(sections, section) ?? network;
}

export interface Refusal {
  readonly difference: Difference;
  readonly why: Text;
}

export interface CarryOver {
  /** What matters to the training, in the order of the spec. */
  readonly changes: readonly Difference[];
  readonly refused: readonly Refusal[];
  readonly notCarried: readonly NotCarried[];
}

/**
 * @param midEpoch whether the checkpoint lies inside an epoch
 * @param parent spec of the run that is forked
 */
export function carryOver(
  differences: readonly Difference[],
  { parent, midEpoch }: { readonly parent: Spec; readonly midEpoch: boolean },
): CarryOver {
  const changes = differences.filter((difference) => meaningOf(difference) !== 'words');
  const refused = changes.flatMap((difference): readonly Refusal[] => {
    const meaning = meaningOf(difference);
    if (typeof meaning === 'object') return [{ difference, why: meaning.why }];
    return meaning === 'order' && midEpoch ? [{ difference, why: inEpoch }] : [];
  });
  const under = (prefix: string): readonly Difference[] =>
    changes.filter(({ pointer }) => pointer === prefix || pointer.startsWith(`${prefix}/`));
  const otherCourse = changes.some((difference) => meaningOf(difference) !== 'length');
  const lost: Readonly<Record<NotCarried, boolean>> = {
    strategy: under('/strategy').some((one) => !isObserve(one) && !areNumbers(one)),
    optimizer: under('/training/optimizer').some((one) => !areNumbers(one)),
    best: otherCourse,
    watched: otherCourse || under('/training/affinity').length > 0,
    drops:
      plateauMonitor(parent) !== undefined &&
      [...under('/training/schedule'), ...under('/training/learningRate')].length > 0,
  };
  const notCarried = (Object.keys(lost) as NotCarried[]).filter((code) => lost[code]);
  return { changes, refused, notCarried };
}

const inEpoch = text(
  'another order of the rows in the middle of an epoch; take a checkpoint at the end of one',
  '会在一轮中途改变样本顺序；请选择一轮结束处的检查点',
);

/** Observed strategies have no part in the training. */
function isObserve({ pointer }: Difference): boolean {
  return (parsePointer(pointer) ?? []).includes('observe');
}

/** Another number at the same place: the state keeps its shape. */
function areNumbers({ before, after }: Difference): boolean {
  return typeof before === 'number' && typeof after === 'number';
}
