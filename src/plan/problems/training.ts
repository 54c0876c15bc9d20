/** The sections `training` and `data.split`: numbers that must agree, monitors that must mean something. */
import { type Spec, text } from '../../spec/index.ts';
import { nearestName } from '../../spec/nearest.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';
import { hintFor } from './names.ts';

export function checkTraining(context: Context): void {
  const { spec } = context;
  checkSplit(context);
  const { earlyStopping, schedule } = spec.training;
  if (earlyStopping?.monitor !== undefined) {
    checkMonitor(earlyStopping.monitor, '/training/earlyStopping/monitor', context);
  }
  if (schedule.name === 'plateau' && schedule.monitor !== undefined) {
    checkMonitor(schedule.monitor, '/training/schedule/monitor', context);
  }
}

/** Everything a monitor may be in this spec. */
export function monitorsOf(spec: Spec): readonly string[] {
  const monitors = ['validation/skill', 'validation/total'];
  if (spec.experiment !== undefined) monitors.push('validation/deltaM');
  for (const [name, task] of spec.tasks) {
    const place = `validation${pointerTo(name)}`;
    monitors.push(`${place}/loss`, ...task.metrics.map((metric) => `${place}/${metric.type}`));
  }
  return monitors;
}

function checkMonitor(monitor: string, pointer: string, { spec, report }: Context): void {
  const known = monitorsOf(spec);
  if (known.includes(monitor)) return;
  const nearest = nearestName(monitor, known);
  const hint = hintFor(nearest, known);
  report.error(
    'unknown-monitor',
    pointer,
    text(`"${monitor}" is not measured in this spec. ${hint.en}`, `本实验不测量 “${monitor}”。${hint.zh}`),
    {
      fixes:
        nearest === undefined
          ? []
          : [report.fix(text(`Change to "${nearest}"`, `改为 “${nearest}”`), report.replace(pointer, nearest))],
    },
  );
}

function checkSplit({ spec, report }: Context): void {
  const { split, source } = spec.data;
  if ('folds' in split && split.folds.fold >= split.folds.k) {
    report.error(
      'split-fold',
      '/data/split/folds/fold',
      text(
        `Folds are counted from 0: with ${String(split.folds.k)} folds the last is ${String(split.folds.k - 1)}.`,
        `折从 0 起编号：共 ${String(split.folds.k)} 折时最后一折为 ${String(split.folds.k - 1)}。`,
      ),
    );
  }
  if (!('train' in split) || source?.validation !== undefined || source?.test !== undefined) return;
  const total = split.train + split.validation + split.test;
  if (total > 1 + 1e-9) {
    report.error(
      'split-sum',
      '/data/split',
      text(
        `The shares train ${String(split.train)}, validation ${String(split.validation)} and test ${String(split.test)} add up to ${String(Number(total.toFixed(6)))}: more than all rows. Those not written keep their defaults (0.7, 0.15, 0.15).`,
        `train ${String(split.train)}、validation ${String(split.validation)}、test ${String(split.test)} 之和为 ${String(Number(total.toFixed(6)))}，超过全部行。未写出的取默认值（0.7、0.15、0.15）。`,
      ),
    );
  }
  if (split.train === 0) {
    report.error('split-empty', '/data/split/train', text('No rows are left to train on.', '没有可用于训练的行。'));
  }
  if (split.validation === 0 && spec.training.earlyStopping !== undefined) {
    report.error(
      'no-validation',
      '/training/earlyStopping',
      text(
        'Early stopping watches the validation split, which is empty here ("validation": 0). Give it rows, or remove "earlyStopping".',
        '早停依据验证集，而这里验证集为空（"validation": 0）。请分配验证行，或删除 "earlyStopping"。',
      ),
      { at: 'key' },
    );
  }
}
