/** What a person names to be compared: an experiment, or some runs. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compare } from '../../experiment/comparison/compare.ts';
import type { Comparison } from '../../experiment/comparison/contract.ts';
import { evidenceOf, readFacts } from '../../experiment/comparison/evidence.ts';
import { contestOf, type Wishes } from '../../experiment/comparison/experiment.ts';
import { countLook } from '../../experiment/comparison/looks.ts';
import { contestOfRuns, readPlainRun } from '../../experiment/comparison/runs.ts';
import { isExperiment } from '../../experiment/layout.ts';
import { readExperiment } from '../../experiment/read.ts';
import { curvesOf, type Curve } from '../../experiment/report/curves.ts';
import type { Arguments, Options } from '../arguments.ts';
import { CliError } from '../error.ts';
import { runDirectory } from '../run-directory.ts';

export interface Compared {
  readonly comparison: Comparison;
  /** Learning curves of the runs, read when they are asked for. */
  readonly curves: () => readonly Curve[];
}

export const wishOptions: Options = {
  level: { type: 'string', value: '0.95', help: { en: 'level of confidence', zh: '置信水平' } },
  baseline: {
    type: 'string',
    value: 'ARM',
    help: { en: 'the arm that others are compared with', zh: '作为比较基准的实验组' },
  },
};

/** @throws CliError for a level that is none */
export function wishesOf(args: Arguments): Wishes {
  const level = args.text('level');
  const value = Number(level);
  if (level !== undefined && !(level.trim() !== '' && value > 0.5 && value < 1)) {
    throw new CliError(
      `--level takes a number between 0.5 and 1, such as 0.95, not "${level}".`,
      `--level 需要 0.5 与 1 之间的数，例如 0.95，不能是“${level}”。`,
    );
  }
  return { level: level === undefined ? undefined : value, baseline: args.text('baseline') };
}

/** Is it the directory of an experiment? */
export const namesExperiment = (word: string): boolean => isExperiment(path.resolve(word));

/**
 * @throws CliError for directories that cannot be compared with each other, ExperimentError, RunError, ComparisonError
 */
export function comparedOf(words: readonly string[], wishes: Wishes): Compared {
  const experiments = words.filter(namesExperiment);
  if (experiments.length === 0) return ofRuns(words, wishes);
  const [word = ''] = experiments;
  if (words.length > 1) {
    throw new CliError(
      `"${word}" is an experiment, which is compared by itself: arms of different experiments share no plan. Name one experiment, or runs.`,
      `“${word}”是一个实验，只能单独比较：不同实验的实验组没有共同的计划。请只给出一个实验，或给出若干运行。`,
    );
  }
  return ofExperiment(path.resolve(word), wishes);
}

function ofExperiment(directory: string, wishes: Wishes): Compared {
  const view = readExperiment(directory);
  const { expansion, directoryOf } = view;
  const ids = new Set(expansion.compared.flatMap(({ runs }) => runs.map(({ id }) => id)));
  const facts = new Map([...ids].map((id) => [id, readFacts(directoryOf(id))] as const));
  const evidence = evidenceOf(view, facts);
  const contest = contestOf(evidence, wishes);
  const comparison = compare(contest, countLook(directory, evidence, Date.now()));
  const curves = (): readonly Curve[] =>
    comparison.arms.flatMap(({ id, runs }) =>
      runs.flatMap((run) => {
        const own =
          run.task === null ? comparison.measures : comparison.measures.filter(({ task }) => task === run.task);
        return fs.existsSync(directoryOf(run.id)) ? curvesOf(directoryOf(run.id), id, run.seed, own) : [];
      }),
    );
  return { comparison, curves };
}

function ofRuns(words: readonly string[], wishes: Wishes): Compared {
  const directories = words.map(runDirectory);
  const runs = directories.map(readPlainRun);
  const comparison = compare(contestOfRuns(runs, wishes));
  const curves = (): readonly Curve[] =>
    comparison.arms.flatMap(({ id, runs: own, measures }) =>
      own.flatMap((run) => {
        const directory = directories.find((one) => path.basename(one) === run.id);
        const asked = comparison.measures.filter(({ task }) => measures.some((one) => one.task === task));
        return directory === undefined ? [] : curvesOf(directory, id, run.seed, asked);
      }),
    );
  return { comparison, curves };
}
