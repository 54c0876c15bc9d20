/** What is told of a run when the pointer rests on it: read from its directory then, not before. No vscode here. */
import { forkChangesText } from '../../runs/fork/texts.ts';
import { forkChange } from '../../runs/fork/record.ts';
import { specOfRun } from '../../runs/fork/from.ts';
import { lastStart } from '../../runs/fingerprints.ts';
import { RunError } from '../../runs/error.ts';
import { readIdentity } from '../../runs/reader.ts';
import { readResult } from '../../runs/result.ts';
import { durationText } from '../../common/duration.ts';
import type { Text } from '../../common/text.ts';
import { differences } from '../../spec/index.ts';
import type { Translate } from '../weights/lens-text.ts';
import { metricLabel } from './run-text.ts';
import type { RunEntry } from './run-store.ts';

export interface HoverWords {
  readonly t: Translate;
  readonly pick: (text: Text) => string;
  /** A metric's name as people read it. */
  readonly metric: (name: string) => string;
}

/** @param previous the run of the same spec before it, if there is one */
export function hoverLines(
  entry: RunEntry,
  previous: RunEntry | undefined,
  { t, pick, metric }: HoverWords,
): readonly string[] {
  const { fork } = readIdentity(entry.directory);
  return [
    entry.name,
    ...(entry.name === entry.id ? [] : [entry.id]),
    ...(entry.notes.note === null ? [] : [entry.notes.note]),
    ...(entry.notes.pinned ? [t('pinned as reference')] : []),
    ...(entry.problem === undefined ? [] : [entry.problem]),
    ...engineLines(entry.directory, { t, pick }),
    ...(entry.strategy === '' ? [] : [t('strategy: {0}', entry.strategy)]),
    ...entry.lines.map((line) => metricLabel(line, metric)),
    ...(fork === null
      ? changeLines(entry, previous, { t, pick })
      : [
          t('forked from {0} at step {1}', fork.run, fork.step),
          pick(forkChangesText(fork.changes) ?? { en: 'nothing changed', zh: '无更改' }),
        ]),
  ];
}

function engineLines(directory: string, { t, pick }: Omit<HoverWords, 'metric'>): readonly string[] {
  const start = lastStart(directory);
  const seconds = readResult(directory)?.get('seconds');
  return [
    ...(start === null ? [] : [t('engine: {0} ({1})', start.engine.name, start.engine.device)]),
    ...(typeof seconds === 'number' ? [t('time: {0}', pick(durationText(seconds)))] : []),
  ];
}

function changeLines(
  entry: RunEntry,
  previous: RunEntry | undefined,
  { t, pick }: Omit<HoverWords, 'metric'>,
): readonly string[] {
  if (previous === undefined) return [];
  try {
    const found = differences(specOfRun(previous.directory), specOfRun(entry.directory));
    const told = forkChangesText(found.map(forkChange));
    return told === null
      ? [t('same spec as {0}', previous.name)]
      : [t('changed against {0}: {1}', previous.name, pick(told))];
  } catch (error) {
    // What is frozen with one of the two cannot be read: nothing can be said.
    if (error instanceof RunError) return [];
    throw error;
  }
}
