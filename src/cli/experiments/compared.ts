/** What a person names to be compared: an experiment, or some runs. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compare } from '../../experiment/comparison/compare.ts';
import type { Comparison } from '../../experiment/comparison/contract.ts';
import { evidenceOf, readFacts } from '../../experiment/comparison/evidence.ts';
import { contestOf, type ExperimentEvidence, type Wishes } from '../../experiment/comparison/experiment.ts';
import { countLook } from '../../experiment/comparison/looks.ts';
import { contestOfRuns } from '../../experiment/comparison/runs.ts';
import { readPlainRun } from '../../experiment/comparison/plain-run.ts';
import { armName, contestOfSeveral } from '../../experiment/comparison/several.ts';
import { isExperiment } from '../../experiment/layout.ts';
import { readExperiment, type ExperimentView } from '../../experiment/read.ts';
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
  if (experiments.length < words.length) {
    const run = words.find((one) => !experiments.includes(one)) ?? '';
    throw new CliError(
      `"${word}" is an experiment and "${run}" is a run: arms and single runs are not compared with each other. Name experiments, or runs.`,
      `“${word}”是实验，而“${run}”是运行：实验组与单次运行不能相互比较。请只给出实验，或只给出运行。`,
    );
  }
  const directories = [...new Set(experiments.map((one) => path.resolve(one)))];
  if (directories.length < experiments.length) {
    throw new CliError('The same experiment is named twice.', '同一个实验给出了两次。');
  }
  return directories.length === 1 ? ofExperiment(path.resolve(word), wishes) : ofExperiments(directories, wishes);
}

interface Opened {
  readonly directory: string;
  readonly view: ExperimentView;
  readonly evidence: ExperimentEvidence;
}

function opened(directory: string): Opened {
  const view = readExperiment(directory);
  const { expansion, directoryOf } = view;
  const ids = new Set(expansion.compared.flatMap(({ runs }) => runs.map(({ id }) => id)));
  const facts = new Map([...ids].map((id) => [id, readFacts(directoryOf(id))] as const));
  return { directory, view, evidence: evidenceOf(view, facts) };
}

function ofExperiment(directory: string, wishes: Wishes): Compared {
  const one = opened(directory);
  const contest = contestOf(one.evidence, wishes);
  const comparison = compare(contest, countLook(directory, one.evidence, Date.now()));
  return { comparison, curves: () => curvesOfArms(comparison, one, comparison.arms) };
}

/** Each is looked at, and each look counts where it belongs; shown is what one of them has to say of that. */
function ofExperiments(directories: readonly string[], wishes: Wishes): Compared {
  const all = directories.map(opened);
  const names = namesOf(all);
  const contest = contestOfSeveral(
    all.map(({ evidence }, index) => ({ name: names[index] ?? '', evidence })),
    wishes,
  );
  const looks = all.map(({ directory, evidence }) => countLook(directory, evidence, Date.now()));
  const telling = looks.find((one) => one !== null && (one.problem !== null || one.count > one.declared));
  const comparison = compare(contest, telling ?? looks[0] ?? null);
  const curves = (): readonly Curve[] =>
    all.flatMap((one, index) => {
      const own = new Set(one.view.expansion.compared.map(({ id }) => armName(names[index] ?? '', id)));
      return curvesOfArms(
        comparison,
        one,
        comparison.arms.filter(({ id }) => own.has(id)),
      );
    });
  return { comparison, curves };
}

/** The experiments' names; where two have the same, those of their directories, and a number where these are the same, too. */
function namesOf(all: readonly Opened[]): readonly string[] {
  const once = (names: readonly string[]): boolean => new Set(names).size === names.length;
  const names = all.map(({ view }) => view.plan.name);
  if (once(names)) return names;
  const folders = all.map(({ directory }) => path.basename(directory));
  return once(folders) ? folders : folders.map((name, index) => `${name} ${index + 1}`);
}

function curvesOfArms(
  { measures }: Comparison,
  { view: { directoryOf } }: Opened,
  arms: Comparison['arms'],
): readonly Curve[] {
  return arms.flatMap(({ id, runs }) =>
    runs.flatMap((run) => {
      const own = run.task === null ? measures : measures.filter(({ task }) => task === run.task);
      return fs.existsSync(directoryOf(run.id)) ? curvesOf(directoryOf(run.id), id, run.seed, own) : [];
    }),
  );
}

function ofRuns(words: readonly string[], wishes: Wishes): Compared {
  const directories = words.map(runDirectory);
  const runs = directories.map((directory) => readPlainRun(directory));
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
