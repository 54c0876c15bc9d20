/** A spec with an experiment → the plan that is frozen: which engine, and every file that the numbers come from. */
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import { nameOf } from '../../runs/name.ts';
import { executorName } from '../../experiment/executors/table.ts';
import { folderName } from '../../experiment/layout.ts';
import type { PlanRecord } from '../../experiment/plan-file.ts';
import { sha256 } from '../../runs/frozen.ts';
import type { Arguments } from '../arguments.ts';
import { CliError } from '../error.ts';
import { t } from '../language.ts';
import { printProgress, redrawProgress } from '../output.ts';
import type { Place } from '../places.ts';
import { countText, Positions, problemLines } from '../problems.ts';
import { isError, type SpecFile } from '../spec-file.ts';
import { checkWithExperiment } from './read.ts';
import { surroundingsOf } from './surroundings.ts';

const engines = ['auto', 'native', 'wasm'] as const;

export interface PlannedExperiment {
  readonly name: string;
  /** For an experiment in this directory. */
  readonly planIn: (directory: string) => PlanRecord;
}

/**
 * Checks the spec and freezes what its runs depend on.
 *
 * @throws CliError where it has errors, or no experiment; ExperimentError for an executor that is none
 */
export async function planExperiment(args: Arguments, spec: SpecFile, place: Place): Promise<PlannedExperiment> {
  const engine = args.oneOf('engine', engines);
  const jobs = args.count('jobs', 1);
  const { problems, experiment, sizes } = await checkWithExperiment(spec, place, jobs);
  for (const line of problemLines(spec.name, new Positions(spec.text), problems)) printProgress(line);
  if (problems.some(isError)) {
    const count = countText(problems);
    throw new CliError(`${spec.name} cannot be run: ${count}.`, `${spec.name} 无法运行：${count}。`);
  }
  const { design } = experiment;
  if (design === undefined) throw withoutExperiment(spec.name);
  const executor = executorName(args.text('executor') ?? design.experiment.executor ?? 'local');
  const where = { ...place, specFile: spec.file };
  const { device, ...surroundings } = await surroundingsOf(design, where, { engine, onBytes: tellBytes });
  if (process.stderr.isTTY) redrawProgress('');
  const name = nameOf(design.spec.name, spec.file);
  const relative = (from: string, to: string): string => path.relative(from, to).split(path.sep).join('/');
  return {
    name,
    planIn: (directory) => ({
      v: 1,
      id: `${folderName(name)}-${randomBytes(4).toString('hex')}`,
      ...{ name, created: Date.now(), text: spec.text, sha256: sha256(spec.text), surroundings },
      root: relative(directory, place.root),
      spec: relative(place.root, spec.file),
      allowOutside: place.allowOutside,
      ...{ device, analysisHash: design.analysisHash, executor, jobs: jobs ?? null, facts: sizes, deviations: [] },
    }),
  };
}

function withoutExperiment(name: string): CliError {
  return new CliError(
    `There is no experiment in ${name}: it needs a section "experiment", for example "experiment": {"replicates": 5}. One run alone is "mtl train".`,
    `${name} 中没有实验：需要 "experiment" 一节，例如 "experiment": {"replicates": 5}。单次训练请用“mtl train”。`,
  );
}

/** Files that are hashed in a moment need no word. */
const worthTelling = 100 * 2 ** 20;

function tellBytes(done: number, total: number): void {
  if (!process.stderr.isTTY || total < worthTelling) return;
  const share = String(Math.round((100 * done) / total));
  redrawProgress(t(`Looking at the data: ${share} %`, `正在检查数据：${share}%`));
}
