import * as path from 'node:path';
import { nameOf } from '../../runs/name.ts';
import { latestAttempt } from '../../runs/attempts.ts';
import { engineToResume } from '../../runs/fingerprints.ts';
import { createRun, launch, type Launched } from '../../runs/launch.ts';
import { refuseLinks } from '../../runs/links.ts';
import { RunReader } from '../../runs/reader.ts';
import { glance } from '../../runs/list.ts';
import { examineEngine } from '../../runtime/doctor.ts';
import { productVersion } from '../../runtime/versions.ts';
import { memoryOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { attach, untilBegun } from '../attach.ts';
import { makeFork, removeUnbegun } from '../fork.ts';
import { CliError } from '../error.ts';
import { t } from '../language.ts';
import { plain, printData, printProgress } from '../output.ts';
import { engineMachine, placeOf, programFile, type Place } from '../places.ts';
import { countText, Positions, problemLines } from '../problems.ts';
import { runDirectory, runPlace } from '../run-directory.ts';
import { checkSpec, isError, readSpecFile } from '../spec-file.ts';

export const verb: Verb = {
  usage:
    'train SPEC [--run-dir DIR] [--engine auto|native|wasm] [--seed N] [--set POINTER=JSON]… [--memory SIZE] [--detach] [--json]  |  train --resume DIR [--accept-changes]  |  train [SPEC] --from RUN[@STEP] [--set POINTER=JSON]… [--accept-changes]',
  help: {
    en: 'Trains a model. Ctrl-C stops after a checkpoint, a second one kills; a closed terminal does not stop it.',
    zh: '训练模型。按一次 Ctrl-C 在写完检查点后停止，再按一次立即终止；关闭终端不会中断训练。',
  },
  options: {
    'run-dir': { type: 'string', value: 'DIR', help: { en: 'directory of the run', zh: '运行目录' } },
    engine: { type: 'string', value: 'auto|native|wasm', help: { en: 'engine', zh: '引擎' } },
    seed: { type: 'string', value: 'N', help: { en: 'seed of training', zh: '训练随机种子' } },
    set: {
      type: 'string',
      value: 'POINTER=JSON',
      multiple: true,
      help: { en: 'change a value of the resolved spec', zh: '修改解析后实验描述文件中的一个值' },
    },
    resume: { type: 'string', value: 'DIR', help: { en: 'go on with a run from its checkpoint', zh: '从检查点继续' } },
    from: {
      type: 'string',
      value: 'RUN[@STEP]',
      help: {
        en: 'fork: a new run from a checkpoint of RUN (the newest, or that of STEP), with what --set or SPEC changes of weights, strategy or training',
        zh: '分支：从 RUN 的检查点（最新的，或 STEP 处的）新建运行，权重、策略或训练设置可由 --set 或 SPEC 更改',
      },
    },
    'accept-changes': {
      type: 'boolean',
      help: {
        en: 'with --resume or --from: go on although data, split, modules or engine have changed since; result.json says so',
        zh: '与 --resume 或 --from 同用：即使数据、划分、模块或引擎此后已改变也继续；result.json 会注明',
      },
    },
    detach: { type: 'boolean', help: { en: 'print the run directory and return', zh: '输出运行目录后立即返回' } },
    json: { type: 'boolean', help: { en: 'event records on stdout', zh: '在标准输出给出事件记录' } },
    ...memoryOption,
    ...placeOptions,
  },
  words: [0, 1],
  run: train,
};

const engines = ['auto', 'native', 'wasm'] as const;

/** `mtl train`: makes a run or goes on with one, starts the trainer, and watches it unless detached. */
async function train(args: Arguments): Promise<number> {
  const [resumed, parent] = [args.text('resume'), args.text('from')];
  const given = Number(resumed !== undefined) + Number(parent !== undefined || args.words.length > 0);
  if (given !== 1) {
    throw new CliError(
      'Say what to train: a SPEC, --resume DIR to go on with a run, or --from RUN to fork one (one of them; --from may take a SPEC along).',
      '请指定要训练的 SPEC，或用 --resume DIR 继续某次运行，或用 --from RUN 从某次运行分支（三者选一；--from 可同时给出 SPEC）。',
    );
  }
  if (parent !== undefined) return watchFork(args, await fork(args, parent));
  const started = resumed === undefined ? await begin(args) : await goOn(args, resumed);
  return started === null ? 0 : watch(args, started);
}

interface Started {
  readonly launched: Launched;
  /** Highest `seq` that was there before. */
  readonly after: number;
}

async function begin(args: Arguments): Promise<Started> {
  if (args.flag('accept-changes')) {
    throw new CliError(
      '--accept-changes goes with --resume DIR or --from RUN: a new run has nothing to differ from.',
      '--accept-changes 只能与 --resume DIR 或 --from RUN 同用：新运行没有可比较的对象。',
    );
  }
  const engine = args.oneOf('engine', engines);
  const memory = args.size('memory');
  const seed = args.count('seed');
  const set = [...args.list('set'), ...(seed === undefined ? [] : [`/training/seed=${seed}`])];
  const spec = readSpecFile(args.word(0));
  const place = placeOf(args, spec.file);
  const { reading, problems: found } = await checkSpec(spec, place, 'header', set, engine);
  // In `check` a warning, since another machine may hold it; here it would fail.
  const problems = found.map((one) => (one.code === 'memory' ? { ...one, severity: 'error' as const } : one));
  // Warnings once; with settings the places in the text are unknown and all stand at its beginning.
  for (const line of problemLines(spec.name, new Positions(spec.text), problems)) printProgress(line);
  const resolved = reading.spec;
  await refuseMissingEngine(engine ?? resolved?.training.engine);
  if (!resolved || problems.some(isError)) {
    const count = countText(problems);
    throw new CliError(`${spec.name} cannot be trained: ${count}.`, `${spec.name} 无法训练：${count}。`);
  }
  const runDir = args.text('run-dir');
  const directory = createRun({
    ...{ text: spec.text, resolved, set, specFile: spec.file, root: place.root },
    name: nameOf(resolved.name, spec.file),
    ...(runDir === undefined ? {} : { directory: runDir }),
  });
  return start(directory, place, { engine: engine ?? resolved.training.engine, resume: false, memory });
}

async function fork(args: Arguments, from: string): Promise<Started> {
  const asked = args.oneOf('engine', engines);
  await refuseMissingEngine(asked);
  const memory = args.size('memory');
  const { directory, place, engine } = await makeFork(args, from, asked);
  return start(directory, place, { engine, resume: false, memory, acceptChanges: args.flag('accept-changes') });
}

/** A fork that is refused, because its data are not those of its parent any more, is none. */
async function watchFork(args: Arguments, started: Started): Promise<number> {
  try {
    return await watch(args, started);
  } catch (error) {
    removeUnbegun(started.launched.directory);
    throw error;
  }
}

async function goOn(args: Arguments, word: string): Promise<Started | null> {
  const fixed = ['seed', 'run-dir'].filter((name) => args.text(name) !== undefined);
  if (args.list('set').length > 0) fixed.push('set');
  if (fixed.length > 0) {
    const names = fixed.map((name) => `--${name}`).join(', ');
    throw new CliError(
      `A run goes on with the spec it was made with: ${names} cannot be given with --resume.`,
      `继续运行时使用其创建时的实验描述文件：--resume 不能与 ${names} 同用。`,
    );
  }
  const directory = runDirectory(word);
  refuseLinks(directory);
  const place = runPlace(args, directory);
  const asked = args.oneOf('engine', engines);
  await refuseMissingEngine(asked);
  if (glance(directory).state === 'completed') {
    printProgress(t('This run is complete; there is nothing to go on with.', '此运行已完成，无需继续。'));
    return null;
  }
  const memory = args.size('memory') ?? latestAttempt(directory)?.memory;
  const engine = engineToResume(directory, asked);
  return start(directory, place, { engine, resume: true, memory, acceptChanges: args.flag('accept-changes') });
}

/** The words that said where the data lie, to be said again when the run goes on. */
function placeWords(args: Arguments): string {
  const root = args.text('root');
  return (root === undefined ? '' : ` --root "${root}"`) + (args.flag('allow-outside') ? ' --allow-outside' : '');
}

/** An engine asked for by name that is not here: a wrong request, for which no run is made. */
async function refuseMissingEngine(asked: string | undefined): Promise<void> {
  if (asked !== 'native' && asked !== 'wasm') return;
  const report = await examineEngine(asked, engineMachine());
  if (report.available) return;
  const { en, zh } = report.reason ?? report.detail;
  throw new CliError(
    `The engine "${report.name}" is not available. ${en} Leave --engine and training.engine at "auto".`,
    `引擎“${report.name}”不可用。${zh}请将 --engine 与 training.engine 保持为“auto”。`,
  );
}

async function start(
  directory: string,
  place: Place,
  overrides: {
    readonly engine: string;
    readonly resume: boolean;
    readonly memory: string | undefined;
    readonly acceptChanges?: boolean;
  },
): Promise<Started> {
  const reader = new RunReader(directory);
  reader.pollAll();
  const after = reader.records.at(-1)?.seq ?? -1;
  const launched = await launch(directory, {
    ...place,
    ...{ trainerFile: programFile('trainer.cjs'), ...overrides },
    // A terminal may be closed, a detached run has none: nobody's absence stops it.
    keepAliveMinutes: 0,
    versions: { mtl: productVersion },
  });
  return { launched, after };
}

async function watch(args: Arguments, { launched, after }: Started): Promise<number> {
  const shown = path.relative('.', launched.directory) || '.';
  if (args.flag('detach')) {
    // A run that goes on may be refused for what has changed, which takes a look at all its files.
    if (args.text('resume') !== undefined || args.text('from') !== undefined) await untilBegun({ launched, after });
    printData(`${shown}\n`);
    return 0;
  }
  printProgress(t(`Run: ${plain(shown)}`, `运行目录：${plain(shown)}`));
  return attach({ json: args.flag('json'), launched, after, place: placeWords(args) });
}
