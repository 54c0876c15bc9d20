/** Names of an experiment: arms, factors, stages, tasks and hypotheses that must be there, once. */
import { text } from '../../common/text.ts';
import { executorNames } from '../executors/contract.ts';
import { at, reportTwice, reportUnknown, words, type Context } from './context.ts';

export function checkReferences(context: Context): void {
  const { experiment, design } = context;
  const arms = design.arms.map(({ id }) => id);
  const twice = (
    names: readonly string[],
    key: string,
    field: string,
    what: (typeof words)[keyof typeof words],
  ): void => reportTwice(context, names, (index) => at(key, index, field), what);
  twice(
    experiment.arms.map(({ id }) => id),
    'arms',
    'id',
    words.arm,
  );
  twice(
    experiment.factors.map(({ name }) => name),
    'factors',
    'name',
    words.factor,
  );
  twice(
    experiment.stages.map(({ id }) => id),
    'stages',
    'id',
    words.stage,
  );
  twice(
    experiment.hypotheses.map(({ id }) => id),
    'hypotheses',
    'id',
    words.hypothesis,
  );

  if (experiment.baseline !== undefined && !isArm(context, experiment.baseline)) {
    reportUnknown(context, 'unknown-arm', at('baseline'), {
      written: experiment.baseline,
      known: arms,
      what: words.arm,
    });
  }
  checkExecutor(context);
  checkTunes(context);
  checkConditions(context);
  checkTakes(context);
  checkHypotheses(context, arms);
}

/** Arms are declared; settings that a design compares, and points of a frontier, have names that follow from them. */
function isArm({ design }: Context, name: string): boolean {
  const made = design.stages.some(({ method, compares }) => method !== null && compares);
  const point = design.arms.some(({ frontier, id }) => frontier && name.startsWith(`${id}/`));
  return design.arms.some(({ id }) => id === name) || point || (made && name.includes('='));
}

function checkExecutor(context: Context): void {
  const { executor } = context.experiment;
  if (executor === undefined || (executorNames as readonly string[]).includes(executor)) return;
  reportUnknown(context, 'unknown-executor', at('executor'), {
    written: executor,
    known: executorNames,
    what: words.executor,
  });
}

function checkTunes(context: Context): void {
  const { experiment } = context;
  const known = experiment.factors.map(({ name }) => name);
  for (const [index, { tune }] of experiment.arms.entries()) {
    for (const [place, written] of (tune?.factors ?? []).entries()) {
      if (known.includes(written)) continue;
      const pointer = at('arms', index, 'tune', 'factors', place);
      reportUnknown(context, 'unknown-factor', pointer, { written, known, what: words.factor });
    }
  }
}

/** A factor that applies under a condition: on another factor, for levels that it has. */
function checkConditions(context: Context): void {
  const { experiment } = context;
  for (const [index, { name, when }] of experiment.factors.entries()) {
    for (const [written, levels] of when ?? []) {
      const pointer = at('factors', index, 'when', written);
      const other = experiment.factors.find((factor) => factor.name === written && written !== name);
      if (other === undefined) {
        const known = experiment.factors.map((factor) => factor.name).filter((one) => one !== name);
        reportUnknown(context, 'unknown-factor', pointer, { written, known, what: words.factor, key: true });
        continue;
      }
      if (!('levels' in other)) {
        context.report.error(
          'unknown-level',
          pointer,
          text(
            `"${written}" takes any value of a range, so that a condition on single values would never hold. Give it "levels".`,
            `“${written}”取区间内的任意值，以个别取值为条件永不成立。请为它写 "levels"。`,
          ),
        );
        continue;
      }
      const known = other.levels.map((level) => JSON.stringify(level));
      for (const [place, level] of levels.entries()) {
        const shown = JSON.stringify(level);
        if (known.includes(shown)) continue;
        context.report.error(
          'unknown-level',
          `${pointer}/${String(place)}`,
          text(
            `"${written}" never is ${shown}. Its levels are: ${known.join(', ')}.`,
            `“${written}”不会取 ${shown}。它的水平为：${known.join('、')}。`,
          ),
        );
      }
    }
  }
}

/** A stage takes arms from one before it that explores. */
function checkTakes(context: Context): void {
  const { experiment } = context;
  for (const [index, { take }] of experiment.stages.entries()) {
    if (take === undefined) continue;
    const before = experiment.stages.slice(0, index).filter(({ method }) => method !== undefined);
    if (before.some(({ id }) => id === take.from)) continue;
    const known = before.map(({ id }) => id);
    const pointer = at('stages', index, 'take', 'from');
    if (!experiment.stages.some(({ id }) => id === take.from)) {
      reportUnknown(context, 'unknown-stage', pointer, { written: take.from, known, what: words.stage });
      continue;
    }
    context.report.error(
      'take-from',
      pointer,
      text(
        `"${take.from}" finds no arms that could be taken: a stage takes from one before it that has a "method".`,
        `阶段“${take.from}”不产生可选取的实验组：只能取自之前带有 "method" 的阶段。`,
      ),
    );
  }
}

function checkHypotheses(context: Context, arms: readonly string[]): void {
  const { experiment, spec } = context;
  const tasks = [...spec.tasks.keys()];
  for (const written of experiment.measures.keys()) {
    if (spec.tasks.has(written)) continue;
    reportUnknown(context, 'unknown-task', at('measures', written), {
      written,
      known: tasks,
      what: words.task,
      key: true,
    });
  }
  for (const [index, { measure, arms: pair }] of experiment.hypotheses.entries()) {
    const pointer = at('hypotheses', index);
    if (!spec.tasks.has(measure)) {
      const unknown = { written: measure, known: tasks, what: words.task };
      reportUnknown(context, 'unknown-task', `${pointer}/measure`, unknown);
    }
    for (const [place, written] of pair.entries()) {
      if (isArm(context, written)) continue;
      const unknown = { written, known: arms, what: words.arm };
      reportUnknown(context, 'unknown-arm', `${pointer}/arms/${String(place)}`, unknown);
    }
    if (pair[0] === pair[1]) {
      context.report.error(
        'same-arm',
        `${pointer}/arms`,
        text(
          'An arm cannot be compared with itself. Name two arms: the one that the claim is about, then the one it is compared with.',
          '实验组不能与自身比较。请写两个实验组：先写主张所针对的组，再写比较对象。',
        ),
      );
    }
  }
}
