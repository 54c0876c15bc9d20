import * as fs from 'node:fs';
import * as path from 'node:path';
import { beginExperiment, refuseOther } from '../../experiment/begin.ts';
import { planChange } from '../../experiment/changes.ts';
import { aliveText, ExperimentError } from '../../experiment/error.ts';
import { launchDriver } from '../../experiment/launch.ts';
import { defaultDirectory, isExperiment } from '../../experiment/layout.ts';
import { driverOf } from '../../experiment/lock.ts';
import { readPlan, type PlanRecord } from '../../experiment/plan-file.ts';
import type { Spawned } from '../../runs/detached.ts';
import { placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { attachExperiment, foundAnother, untilDriving } from '../experiments/attach.ts';
import { planExperiment } from '../experiments/freeze.ts';
import { t } from '../language.ts';
import { plain, printData, printProgress } from '../output.ts';
import { placeOf, programFile } from '../places.ts';
import { readSpecFile } from '../spec-file.ts';

export const verb: Verb = {
  usage: 'experiment SPEC [--dir DIR] [--jobs N] [--executor NAME] [--engine auto|native|wasm] [--detach] [--json]',
  help: {
    en: 'Runs what is missing of an experiment’s plan; again: goes on, or watches it while it is at work. Ctrl-C stops all runs after a checkpoint, a second one kills; a closed terminal does not stop it.',
    zh: '执行实验计划中尚缺的运行；再次执行则继续，或在其进行时查看。按一次 Ctrl-C 各运行在写完检查点后停止，再按一次立即终止；关闭终端不会中断实验。',
  },
  options: {
    dir: {
      type: 'string',
      value: 'DIR',
      help: {
        en: 'directory of the experiment (default: .mtl/experiments/NAME beside the spec)',
        zh: '实验目录（默认：描述文件旁的 .mtl/experiments/名称）',
      },
    },
    jobs: {
      type: 'string',
      value: 'N',
      help: {
        en: 'runs at once at most (default: budget.parallel, else as many as processors and memory allow)',
        zh: '最多同时运行数（默认按 budget.parallel，否则按处理器与内存所允许的数目）',
      },
    },
    executor: {
      type: 'string',
      value: 'NAME',
      help: { en: 'where the runs are made (default: local, this machine)', zh: '在何处运行（默认：local，即本机）' },
    },
    engine: { type: 'string', value: 'auto|native|wasm', help: { en: 'engine of all runs', zh: '所有运行的引擎' } },
    'accept-changes': {
      type: 'boolean',
      help: {
        en: 'go on although text, data or engine have changed since it was begun; the ledger and every report say so',
        zh: '即使描述文件、数据或引擎自实验开始后已改变也继续；台账与所有报告会注明',
      },
    },
    detach: { type: 'boolean', help: { en: 'print the directory and return', zh: '输出实验目录后立即返回' } },
    json: { type: 'boolean', help: { en: 'records of the ledger on stdout', zh: '在标准输出给出台账记录' } },
    ...placeOptions,
  },
  words: [1, 1],
  run: experiment,
};

/** `mtl experiment`: freezes the plan, starts the driver or finds it at work, and watches it unless detached. */
async function experiment(args: Arguments): Promise<number> {
  const spec = readSpecFile(args.word(0));
  const place = placeOf(args, spec.file);
  const planned = await planExperiment(args, spec, place);
  const given = args.text('dir');
  const directory = given === undefined ? defaultDirectory(spec.file, planned.name) : path.resolve(given);
  const plan = planned.planIn(directory);
  const spawned = await startOrFind(
    args,
    directory,
    plan,
    given === undefined ? [path.dirname(spec.file), place.root] : null,
  );
  const shown = path.relative('.', directory) || '.';
  if (args.flag('detach')) {
    if (spawned !== null) await untilDriving(directory, spawned);
    printData(`${shown}\n`);
    return 0;
  }
  printProgress(
    spawned === null
      ? t(`Watching: ${plain(shown)}`, `正在查看：${plain(shown)}`)
      : t(`Experiment: ${plain(shown)}`, `实验目录：${plain(shown)}`),
  );
  const command = `mtl experiment ${JSON.stringify(args.word(0))}${given === undefined ? '' : ` --dir ${JSON.stringify(given)}`}`;
  return attachExperiment({ directory, name: planned.name, json: args.flag('json'), spawned, command });
}

/** @returns null where a driver is at work already */
async function startOrFind(
  args: Arguments,
  directory: string,
  plan: PlanRecord,
  inside: readonly string[] | null,
): Promise<Spawned | null> {
  if (fs.existsSync(directory) && isExperiment(directory) && driverOf(directory) !== null) {
    refuseToWatch(directory, plan);
    return null;
  }
  try {
    const { accepted, kept } = await beginExperiment(directory, {
      plan,
      inside,
      acceptChanges: args.flag('accept-changes'),
    });
    if (kept) printProgress(t(kept.en, kept.zh));
    if (accepted)
      printProgress(t(`Goes on with a changed plan: ${accepted.en}.`, `以更改后的计划继续：${accepted.zh}。`));
  } catch (error) {
    // Another command has been quicker by a moment.
    if (!foundAnother(error) || !isExperiment(directory)) throw error;
    refuseToWatch(directory, plan);
    return null;
  }
  return launchDriver(directory, { driver: programFile('driver.cjs'), trainer: programFile('trainer.cjs') });
}

/** What is at work is watched, if it is what was asked for. */
function refuseToWatch(directory: string, plan: PlanRecord): void {
  const known = readPlan(directory);
  refuseOther(directory, known, plan);
  if (plan.jobs !== null && plan.jobs !== known.jobs) {
    printProgress(
      t(
        'It is at work already: --jobs counts when it is begun or gone on with, not now.',
        '实验已在进行：--jobs 仅在开始或继续实验时生效，此时不起作用。',
      ),
    );
  }
  const change = planChange(known, plan);
  if (change === null) return;
  const { en, zh } = aliveText(driverOf(directory)?.pid ?? 0);
  throw new ExperimentError('changed', {
    en: `${en} It was begun with another plan: ${change.says.en}.`,
    zh: `${zh}其计划与现在不同：${change.says.zh}。`,
  });
}
