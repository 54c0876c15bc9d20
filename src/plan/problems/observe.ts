/** `observe`: only strategies whose statistics are paid for anyway, and only where there is something to observe. */
import { text } from '../../common/text.ts';
import { observable, observedReads, whyNotObserved } from '../../spec/index.ts';
import type { StrategySpec } from '../../spec/index.ts';
import { sharedLayers } from '../gradients.ts';
import type { Context } from './context.ts';
import { hintFor } from './names.ts';

/** Every list of observed names, with its pointer: the strategy's own, and those of what it wraps. */
function lists(
  strategy: StrategySpec,
  pointer = '/strategy',
): readonly (readonly [pointer: string, names: readonly string[]])[] {
  if ('of' in strategy) return lists(strategy.of, `${pointer}/of`);
  return [[`${pointer}/observe`, strategy.observe]];
}

export function checkObserve(context: Context): void {
  for (const [pointer, names] of lists(context.spec.strategy)) {
    names.forEach((name, index) => checkName(name, `${pointer}/${String(index)}`, context));
  }
}

function checkName(name: string, pointer: string, { spec, plan, report, mistakes }: Context): void {
  const remove = report.fix(text(`Do not observe "${name}"`, `不观察 “${name}”`), report.removeItem(pointer));
  const reads = observedReads(name);
  if (reads === undefined) {
    const why = whyNotObserved(name);
    if (why) {
      report.error(
        'not-observable',
        pointer,
        text(`"${name}" cannot be observed: ${why.en}.`, `无法观察 “${name}”：${why.zh}。`),
        { fixes: [remove] },
      );
      return;
    }
    const nearest = report.guesses.nearest(name, observable);
    const hint = hintFor(nearest, observable);
    const fixes =
      nearest === undefined
        ? []
        : [report.fix(text(`Change to "${nearest}"`, `改为 “${nearest}”`), report.replace(pointer, nearest))];
    const message = text(`There is no strategy "${name}". ${hint.en}`, `没有名为 “${name}” 的策略。${hint.zh}`);
    report.error('unknown-strategy', pointer, message, { fixes: [...fixes, remove] });
    return;
  }
  // A network with mistakes may lack layers that it will have.
  if (reads !== 'gram' || mistakes.length > 0) return;
  if (spec.tasks.size > 1 && sharedLayers(plan).length > 0) return;
  report.error(
    'not-observable',
    pointer,
    text(
      `"${name}" cannot be observed: it reads the gradients of shared parameters, and no parameter is reached by two task losses here.`,
      `无法观察 “${name}”：它读取共享参数的梯度，而这里没有两个任务的损失都能到达的参数。`,
    ),
    { fixes: [remove] },
  );
}
