/** The sections `training` and `data.split`: numbers that must agree, monitors that must mean something. */
import { text } from '../../common/text.ts';
import { nearestName, nearestWord, parsePointer, scheduleMonitor, type Spec } from '../../spec/index.ts';
import { pointerTo } from '../pointers.ts';
import type { Context } from './context.ts';
import { hintFor } from './names.ts';

export function checkTraining(context: Context): void {
  const { spec } = context;
  checkSplit(context);
  const { earlyStopping } = spec.training;
  if (earlyStopping?.monitor !== undefined) {
    checkMonitor(earlyStopping.monitor, '/training/earlyStopping/monitor', context);
  }
  const watched = scheduleMonitor(spec);
  if (watched !== undefined) checkMonitor(watched, '/training/schedule/monitor', context);
}

/** What needs the runs of others. */
const differenceToBaselines = 'validation/deltaM';

/** Everything a monitor may be in this spec. */
export function monitorsOf(spec: Spec): readonly string[] {
  const monitors = ['validation/skill', 'validation/total'];
  for (const [name, task] of spec.tasks) {
    const place = `validation${pointerTo(name)}`;
    monitors.push(`${place}/loss`, ...task.metrics.map((metric) => `${place}/${metric.type}`));
  }
  return monitors;
}

/** A measure of the task that is named, where one is: another task's would watch something else. */
function nearestMonitor(monitor: string, spec: Spec): string | undefined {
  const [, name = '', measure = ''] = parsePointer(`/${monitor}`) ?? [];
  const task = spec.tasks.get(name);
  if (task === undefined) return undefined;
  const metrics = task.metrics.map(({ type }) => type);
  const near = nearestWord(measure, [...metrics, 'loss']) ?? metrics[0] ?? 'loss';
  return `validation${pointerTo(name)}${pointerTo(near)}`;
}

function checkMonitor(monitor: string, pointer: string, { spec, report }: Context): void {
  const known = monitorsOf(spec);
  if (known.includes(monitor)) return;
  if (monitor === differenceToBaselines) {
    const skill = 'validation/skill';
    report.error(
      'unknown-monitor',
      pointer,
      text(
        `A run does not know the single-task baselines while it trains: Δm is computed of finished runs. Watch "${skill}", each task's progress over its best constant.`,
        `运行在训练时并不知道单任务基线：Δm 只能由已完成的运行计算。请监视 “${skill}”，即各任务相对于最佳常数预测的进步。`,
      ),
      { fixes: [report.fix(text(`Change to "${skill}"`, `改为 “${skill}”`), report.replace(pointer, skill))] },
    );
    return;
  }
  const nearest = nearestMonitor(monitor, spec) ?? nearestName(monitor, known);
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
      {
        fixes: [
          report.fix(
            text(`Change to ${String(split.folds.k - 1)}`, `改为 ${String(split.folds.k - 1)}`),
            report.replaceValue('/data/split/folds/fold', String(split.folds.k - 1)),
          ),
        ],
      },
    );
  }
  if (!('train' in split) || source?.validation !== undefined || source?.test !== undefined) return;
  if (split.validation === 0 && spec.training.earlyStopping !== undefined) {
    report.error(
      'no-validation',
      '/training/earlyStopping',
      text(
        'Early stopping watches the validation split, which is empty here ("validation": 0). Give it rows, or remove "earlyStopping".',
        '早停依据验证集，而这里验证集为空（"validation": 0）。请分配验证行，或删除 "earlyStopping"。',
      ),
      {
        at: 'key',
        fixes: [
          report.fix(
            text('Remove "earlyStopping"', '删除 "earlyStopping"'),
            ...report.removeProperty('/training/earlyStopping'),
          ),
        ],
      },
    );
  }
}
