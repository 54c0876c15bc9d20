/** A spec with an experiment → the plan that is frozen: which engine, and every file that the numbers come from. */
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import type { Surroundings } from '../experiment/contract.ts';
import { readDesign } from '../experiment/design.ts';
import { expand } from '../experiment/expand.ts';
import { executorName } from '../experiment/executors/table.ts';
import { folderName } from '../experiment/layout.ts';
import type { PlanRecord } from '../experiment/plan-file.ts';
import { sha256 } from '../runs/frozen.ts';
import { orderedText } from '../runs/json.ts';
import { examineEngine, type EngineReport } from '../runtime/doctor.ts';
import { toOrdered, type Spec } from '../spec/index.ts';
import { lookAround } from '../trainer/prepare/surroundings.ts';
import type { Arguments } from './arguments.ts';
import { CliError } from './error.ts';
import { t } from './language.ts';
import { plain, printProgress, redrawProgress } from './output.ts';
import { engineMachine, type Place } from './places.ts';
import { countText, Positions, problemLines } from './problems.ts';
import { checkSpec, isError, type SpecFile } from './spec-file.ts';

export const engines = ['auto', 'native', 'wasm'] as const;

export interface PlannedExperiment {
  readonly name: string;
  readonly spec: Spec;
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
  const { reading, problems } = await checkSpec(spec, place, 'header', [], engine);
  for (const line of problemLines(spec.name, new Positions(spec.text), problems)) printProgress(line);
  const read = reading.spec;
  if (!read || problems.some(isError)) {
    const count = countText(problems);
    throw new CliError(`${spec.name} cannot be run: ${count}.`, `${spec.name} 无法运行：${count}。`);
  }
  const { design, refusals } = readDesign(spec.text);
  for (const { pointer, message } of refusals) {
    printProgress(t(`error: ${pointer}: ${message.en}`, `错误：${pointer}：${message.zh}`));
  }
  if (design === undefined) throw withoutExperiment(spec.name);
  if (refusals.length > 0) {
    throw new CliError(
      `${spec.name} cannot be run: some of its arms cannot be trained.`,
      `${spec.name} 无法运行：部分实验组无法训练。`,
    );
  }
  const executor = executorName(args.text('executor') ?? design.experiment.executor ?? 'local');
  const report = await engineFor(engine ?? read.training.engine);
  const bare: Surroundings = { engine: { name: report.name, version: report.version }, files: new Map() };
  const variants = expand(design, bare, new Map()).runs.map(({ variant }) => variant.spec);
  const surroundings = { ...bare, files: await hashFiles([read, ...variants], spec, place) };
  const name = read.name ?? path.basename(spec.file).replace(/(\.mtl)?\.json$/i, '');
  const relative = (from: string, to: string): string => path.relative(from, to).split(path.sep).join('/');
  return {
    ...{ name, spec: read },
    planIn: (directory) => ({
      v: 1,
      id: `${folderName(name)}-${randomBytes(4).toString('hex')}`,
      ...{ name, created: Date.now(), text: spec.text, sha256: sha256(spec.text), surroundings },
      root: relative(directory, place.root),
      spec: relative(place.root, spec.file),
      allowOutside: place.allowOutside,
      ...{ device: report.device, analysisHash: design.analysisHash, executor, jobs: jobs ?? null },
    }),
  };
}

function withoutExperiment(name: string): CliError {
  return new CliError(
    `There is no experiment in ${name}: it needs a section "experiment", for example "experiment": {"replicates": 5}. One run alone is "mtl train".`,
    `${name} 中没有实验：需要 "experiment" 一节，例如 "experiment": {"replicates": 5}。单次训练请用“mtl train”。`,
  );
}

/** The engine that is named, or what `auto` takes on this machine: all runs get the same one. */
async function engineFor(asked: string): Promise<EngineReport> {
  const machine = engineMachine();
  if (asked === 'auto') {
    const native = await examineEngine('native', machine);
    if (native.available) return native;
  }
  const report = await examineEngine(asked === 'native' ? 'native' : 'wasm', machine);
  if (report.available) return report;
  const { en, zh } = report.reason ?? report.detail;
  throw new CliError(`The engine "${report.name}" is not available. ${en}`, `引擎“${report.name}”不可用。${zh}`);
}

/** Hashes of all files that any of the specs names, by their paths relative to the root. */
async function hashFiles(specs: readonly Spec[], { file }: SpecFile, place: Place): Promise<ReadonlyMap<string, string>> {
  const specName = path.relative(place.root, file).split(path.sep).join('/');
  const files = new Map<string, string>();
  const looked = new Set<string>();
  for (const spec of specs) {
    const key = orderedText(toOrdered([spec.data, 'module' in spec.strategy ? spec.strategy.module : null]));
    if (looked.has(key)) continue;
    looked.add(key);
    const found = await lookAround(
      { spec, specName, place: { ...place, specFile: file } },
      { purpose: 'training', onBytes: tellBytes },
    );
    for (const { path: name, sha256: hash } of found.files) {
      if (hash === null) throw new CliError(`There is no file "${plain(name)}".`, `没有文件“${plain(name)}”。`);
      files.set(name, hash);
    }
  }
  if (process.stderr.isTTY) redrawProgress('');
  return files;
}

/** Files that are hashed in a moment need no word. */
const worthTelling = 100 * 2 ** 20;

function tellBytes(done: number, total: number): void {
  if (!process.stderr.isTTY || total < worthTelling) return;
  const share = String(Math.round((100 * done) / total));
  redrawProgress(t(`Looking at the data: ${share} %`, `正在检查数据：${share}%`));
}
