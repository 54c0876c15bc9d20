/** What a fork would change: the differences of the text from what a run was trained by, and what is added by hand. No vscode here. */
import { carryOver, type Refusal } from '../../runs/fork/carry.ts';
import { lastStart } from '../../runs/fingerprints.ts';
import { listCheckpoints } from '../../runs/checkpoints.ts';
import { neededLength, specOfRun } from '../../runs/fork/from.ts';
import { orderedText } from '../../runs/json.ts';
import { readFrozen } from '../../runs/frozen.ts';
import { text } from '../../common/text.ts';
import {
  applySettings,
  differences,
  parsePointer,
  pointerOf,
  readSpecValue,
  toOrdered,
  type Difference,
  type Ordered,
  type Problem,
  type Setting,
  type Spec,
} from '../../spec/index.ts';

export interface Parent {
  readonly spec: Spec;
  readonly text: string;
  readonly set: readonly string[];
  readonly stepsPerEpoch: number;
  /** Steps of the checkpoints that are kept, ascending. */
  readonly steps: readonly number[];
}

/** A spec's text that reads without errors. */
export interface Current {
  readonly text: string;
  readonly spec: Spec;
}

export interface Draft {
  readonly text: string;
  readonly set: readonly string[];
  readonly resolved: Spec;
  readonly changes: readonly Difference[];
  readonly problems: readonly Problem[];
}

/** @throws RunError where the run cannot be read */
export function parentOf(directory: string): Parent {
  const { text, set } = readFrozen(directory);
  return {
    ...{ spec: specOfRun(directory), text, set },
    stepsPerEpoch: lastStart(directory)?.stepsPerEpoch ?? 1,
    steps: listCheckpoints(directory).map(({ step }) => step),
  };
}

/** What of the text's changes a fork can take, as settings on the run's own spec, and what it cannot. */
export function changesOfText(
  parent: Parent,
  current: Current,
  step: number,
): { readonly settings: readonly Setting[]; readonly refused: readonly Refusal[] } {
  const found = differences(parent.spec, current.spec);
  const midEpoch = step % parent.stepsPerEpoch !== 0;
  const { changes, refused } = carryOver(found, { parent: parent.spec, midEpoch });
  const taken = changes.filter((change) => !refused.some(({ difference }) => difference === change));
  const settings = new Map<string, Setting>();
  const unsettable: Refusal[] = [];
  for (const difference of taken) {
    const pointer = sectionOf(difference.pointer);
    const value = valueAt(toOrdered(current.spec), pointer);
    if (value === undefined) unsettable.push({ difference, why: takenAway });
    else settings.set(pointer, { pointer, value });
  }
  return { settings: [...settings.values()], refused: [...refused, ...unsettable] };
}

/** A setting gives a value and takes none away: early stopping, say. */
const takenAway = text(
  'taken out of the text, which a setting cannot do; mtl train SPEC --from RUN can',
  '从文本中删去，设置无法做到；可用 mtl train SPEC --from RUN',
);

/** A weight by itself, the strategy as a whole, a member of `training` as a whole. */
function sectionOf(pointer: string): string {
  const tokens = parsePointer(pointer) ?? [];
  return pointerOf(tokens.slice(0, tokens[0] === 'strategy' ? 1 : 2));
}

function valueAt(value: Ordered, pointer: string): Ordered | undefined {
  let inner: Ordered | undefined = value;
  for (const token of parsePointer(pointer) ?? [])
    inner = inner instanceof Map ? (inner as ReadonlyMap<string, Ordered>).get(token) : undefined;
  return inner;
}

/** The run's own spec with these settings, one after the other. */
export function draft(parent: Parent, settings: readonly Setting[]): Draft {
  const reading = applySettings(readSpecValue(parent.spec), settings);
  const resolved = reading.spec ?? parent.spec;
  const found = differences(parent.spec, resolved);
  return {
    text: parent.text,
    set: [...parent.set, ...settings.map(({ pointer, value }) => `${pointer}=${jsonOf(value)}`)],
    resolved,
    changes: carryOver(found, { parent: parent.spec, midEpoch: false }).changes,
    problems: reading.problems.filter(({ severity }) => severity === 'error'),
  };
}

/** What is missing for something to be left to train. */
export function lengthNeeded(parent: Parent, { resolved }: Draft, step: number): ReturnType<typeof neededLength> {
  return neededLength(step, resolved, parent.stepsPerEpoch);
}

function jsonOf(value: unknown): string {
  return orderedText(toOrdered(value));
}
