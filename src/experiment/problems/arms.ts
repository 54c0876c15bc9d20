/** Arms and factors: can what they set be trained, and does it differ? */
import { text } from '../../common/text.ts';
import { isProportional, innermost, type Setting } from '../../spec/index.ts';
import { filledBy, matchSetText } from '../arms/single-task.ts';
import type { Arm, Expansion, Refusal } from '../contract.ts';
import { comparingStage } from '../power.ts';
import { chained } from '../single-task.ts';
import { unlikeCompared, unlikeText } from '../unlike.ts';
import { variantOf } from '../variant.ts';
import { at, type Context } from './context.ts';

export function checkArms(context: Context, refusals: readonly Refusal[]): void {
  const { report } = context;
  for (const { pointer, code, message } of refusals) report.error(code, pointer, message);
  checkFactors(context);
  checkEqual(context);
  checkSingleTask(context);
  checkTuning(context);
}

/** Every level, and both ends of a range, must be a value that its place can hold. */
function checkFactors(context: Context): void {
  const { experiment, design, report } = context;
  for (const [index, factor] of experiment.factors.entries()) {
    const values = 'levels' in factor ? factor.levels : factor.range;
    const list = at('factors', index, 'levels' in factor ? 'levels' : 'range');
    for (const [place, value] of values.entries()) {
      // A factor that applies under a condition alone may have its place only then.
      const conditions = conditionsOf(experiment.factors, index);
      const made = variantOf(design.base, [...conditions, { pointer: factor.path, value }], list);
      if ('variant' in made) continue;
      const unknown = made.refusals.find(({ code }) => code === 'unknown-pointer');
      if (unknown !== undefined) {
        report.error('unknown-pointer', at('factors', index, 'path'), unknown.message);
        break;
      }
      for (const { code, message } of made.refusals) report.error(code, `${list}/${String(place)}`, message);
    }
    checkMoves(context, index, list);
  }
}

/** All values of a factor train the very same: seeds, which the replicates set, or what is no part of a training. */
function checkMoves({ experiment, design, report }: Context, index: number, list: string): void {
  const factor = experiment.factors[index];
  if (factor === undefined) return;
  const values = 'levels' in factor ? factor.levels : factor.range;
  const conditions = conditionsOf(experiment.factors, index);
  const made = values.map((value) => variantOf(design.base, [...conditions, { pointer: factor.path, value }], list));
  const hashes = made.flatMap((one) => ('variant' in one ? [one.variant.hash] : []));
  if (hashes.length < Math.max(2, values.length) || new Set(hashes).size > 1) return;
  report.error(
    'factor-without-effect',
    at('factors', index, 'path'),
    text(
      `Whatever "${factor.name}" is, the very same is trained: ${factor.path} makes no other training. Seeds are varied by "replicates".`,
      `无论“${factor.name}”取何值，训练的内容都完全相同：${factor.path} 不改变训练。随机种子由 "replicates" 变化。`,
    ),
  );
}

/** Settings under which a factor applies: the first level of each condition. */
function conditionsOf(factors: Context['experiment']['factors'], index: number): readonly Setting[] {
  return [...(factors[index]?.when ?? [])].flatMap(([name, levels]): Setting[] => {
    const path = factors.find((factor) => factor.name === name)?.path;
    return path === undefined || levels.length === 0 ? [] : [{ pointer: path, value: levels[0] }];
  });
}

/** Two arms that train the same spec: a comparison of a thing with itself. */
function checkEqual({ design, report }: Context): void {
  const seen = new Map<string, string>();
  for (const { id, pointer, candidates, tune, pace } of design.arms) {
    // What these train is found out by the experiment itself.
    if (tune !== null || pace !== null) continue;
    const key = candidates.map(({ variants }) => variants.map(({ hash }) => hash).join()).join(';');
    if (key === '') continue;
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, id);
      continue;
    }
    report.error(
      'equal-arms',
      pointer ?? at(),
      text(
        `"${id}" trains the very same as "${other}": comparing them would compare a thing with itself. Let them differ, or remove one.`,
        `“${id}”与“${other}”训练的内容完全相同，比较它们毫无意义。请使两者不同，或删除其一。`,
      ),
    );
  }
}

function checkSingleTask({ experiment, design, spec, report }: Context): void {
  for (const [index, arm] of experiment.arms.entries()) {
    if (!('auto' in arm) || arm.auto !== 'single-task') continue;
    for (const { code, message } of design.arms[index]?.notes ?? [])
      report.information(code, at('arms', index, 'match'), message);
    for (const [place, name] of (arm.tune?.factors ?? []).entries()) {
      const paths = experiment.factors.filter((factor) => factor.name === name).map(({ path }) => path);
      for (const path of filledBy(arm.match, paths))
        report.error('match-set', at('arms', index, 'tune', 'factors', place), matchSetText(arm.match, path));
    }
    for (const task of spec.tasks.keys()) {
      const others = chained(spec, task);
      if (others.length === 0) continue;
      const list = others.map((name) => name.slice('task:'.length));
      report.information(
        'single-task-input',
        at('arms', index),
        text(
          `"${task}" takes the prediction of ${list.map((name) => `"${name}"`).join(', ')} as input. Alone it is trained without it.`,
          `“${task}”以${list.map((name) => `“${name}”`).join('、')}的预测为输入。单任务基线训练时没有这一输入。`,
        ),
      );
    }
  }
}

/** Arms that are measured on other rows or labels than the baseline. */
export function checkUnlike({ design, report }: Context, { compared }: Expansion): void {
  const stage = comparingStage(design);
  if (stage === undefined) return;
  const shown = compared.filter((arm) => arm.stage === stage.id);
  const baseline = shown.find(({ id }) => id === design.baseline) ?? shown[0];
  if (baseline === undefined) return;
  for (const unlike of unlikeCompared(design, stage, shown, baseline.id)) {
    const of = shown.find(({ id }) => id === unlike.arms[0])?.of;
    const pointer = design.arms.find(({ id }) => id === of)?.pointer ?? at('factors');
    report.warning('unlike-arms', pointer, unlikeText(unlike, baseline.id));
  }
}

/** The same budget for every arm is fair (conventions 14.6). */
function checkTuning(context: Context): void {
  const { design, report, experiment } = context;
  // Without a stage that tunes, the points of a frontier are arms, and nothing is chosen among them.
  const chosen = design.stages.some(({ compares }) => !compares);
  const spent = (arm: Arm): number => arm.tune?.runs ?? (arm.frontier && chosen ? arm.candidates.length : 0);
  const budgets = design.arms.map((arm) => ({ arm, runs: spent(arm) }));
  const most = Math.max(0, ...budgets.map(({ runs }) => runs));
  const less = budgets.filter(({ runs }) => runs < most);
  if (most > 0 && less.length > 0) {
    const names = less.map(({ arm }) => arm.id);
    const first = less.find(({ arm }) => arm.pointer !== null)?.arm;
    report.warning(
      'tuning-unequal',
      first?.pointer ?? at('arms'),
      text(
        `The arms are not tuned alike: one may try ${String(most)} settings, ${names.map((name) => `"${name}"`).join(', ')} fewer. What wins may only have been tuned better. Give every arm the same "tune".`,
        `各组的调参并不对等：有的组可尝试 ${String(most)} 个设置，而 ${names.map((name) => `“${name}”`).join('、')} 更少。胜出者可能只是调得更充分。请为各组写相同的 "tune"。`,
      ),
    );
  }
  checkLearningRate(context, experiment.arms.length);
}

const rate = '/training/learningRate';

/** Under sgd a strategy that scales the gradients is another learning rate: what is compared would be that. */
function checkLearningRate({ design, experiment, spec, report }: Context, written: number): void {
  if (written === 0) return;
  const { optimizer } = spec.training;
  if (!isProportional(optimizer.name)) return;
  const strategies = design.arms.map((arm) => ({
    arm,
    name: innermost(arm.candidates[0]?.variants[0]?.spec.strategy ?? spec.strategy).name,
    single: arm.candidates[0]?.variants[0]?.task !== null,
  }));
  const joint = strategies.filter(({ single }) => !single);
  const names = [...new Set(joint.map(({ name }) => name))];
  if (names.length < 2) return;
  const tunes = (arm: Arm): boolean =>
    arm.tune?.factors.some((name) => experiment.factors.find((factor) => factor.name === name)?.path === rate) ?? false;
  const untuned = joint.find(({ arm }) => !tunes(arm));
  if (untuned === undefined) return;
  report.warning(
    'lr-confounded',
    untuned.arm.pointer ?? at('arms'),
    text(
      `Strategies (${names.join(', ')}) are compared under "${optimizer.name}", whose steps grow with the gradient: a strategy that scales it is also another learning rate. Tune ${rate} in every arm, or take an optimizer such as adam.`,
      `在“${optimizer.name}”下比较策略（${names.join('、')}）：其步长随梯度变化，缩放梯度的策略等同于换了学习率。请在各组中调节 ${rate}，或使用 adam 等优化器。`,
    ),
  );
}
