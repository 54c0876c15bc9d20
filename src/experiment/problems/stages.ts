/** Stages: designs that are possible, seeds that mean something, looks in order, and what they can find. */
import { text } from '../../common/text.ts';
import type { Stage } from '../contract.ts';
import { problemsOf } from '../designs/problems.ts';
import { designs } from '../designs/table.ts';
import { splitCanVary } from '../replicates.ts';
import { at, type Context } from './context.ts';

export function checkStages(context: Context): void {
  const { design, experiment } = context;
  for (const stage of design.stages) {
    checkMethod(context, stage);
    checkReplicates(context, stage);
  }
  if (design.stages.every(({ compares }) => !compares)) {
    context.report.information(
      'not-confirmed',
      at('stages'),
      text(
        'Every stage explores, so that nothing will be confirmed: what is found is marked "not confirmed". Add a stage without "method", with fresh seeds, that takes the best of it.',
        '所有阶段都只是探索，因此结果都不算确认，会标为“未确认”。请添加一个不带 "method"、使用新种子的阶段，选取其中最好的。',
      ),
    );
  }
  checkLooks(context);
  if (experiment.stages.length === 0) return;
  for (const [index, { replicates }] of experiment.stages.entries()) {
    if (replicates?.seeds !== 'same' || index === 0 || experiment.stages[index]?.take === undefined) continue;
    context.report.warning(
      'same-seeds',
      at('stages', index, 'replicates', 'seeds'),
      text(
        'What is taken from a stage is confirmed with the seeds that it was chosen by, and looks better than it is. Take fresh ones.',
        '用选取时的同一批种子来确认，结果会显得比实际更好。请使用新种子。',
      ),
      {
        fixes: [
          context.report.fix(
            text('Take fresh seeds', '使用新种子'),
            context.report.replace(at('stages', index, 'replicates', 'seeds'), 'fresh'),
          ),
        ],
      },
    );
  }
}

function checkMethod({ design, experiment, report, spec }: Context, stage: Stage): void {
  if (stage.method === null) return;
  const pointer = stage.pointer ?? at('factors');
  const request = {
    factors: design.factors,
    runs: stage.runs,
    seed: spec.training.seed,
    tasks: [...spec.tasks.keys()],
  };
  // A method complains of factors, too, which has been told where they stand.
  const told = report.sorted().some(({ severity }) => severity === 'error');
  for (const message of told ? [] : problemsOf(stage.method, designs[stage.method], request))
    report.error('design-impossible', pointer, message);
  if (stage.compares && stage.prune !== null) {
    report.error(
      'prune-comparing',
      `${pointer}/prune`,
      text(
        'What is compared is not pruned: runs that were cut have no result. Prune while exploring, and compare in a stage of its own.',
        '用于比较的运行不能剪枝：被剪去的运行没有结果。请在探索阶段剪枝，另用一个阶段比较。',
      ),
    );
  }
  const learns = stage.method === 'tpe' || stage.method === 'nsga2';
  if (stage.compares && learns && experiment.stages.length > 0) {
    report.warning(
      'adaptive-comparison',
      `${pointer}/method`,
      text(
        `"${stage.method}" chooses each setting by what the ones before came to, so that none of it counts as confirmed. Add a stage that takes the best with fresh seeds.`,
        `“${stage.method}”依据之前的结果选择设置，因此都不算确认。请添加一个用新种子确认最佳设置的阶段。`,
      ),
    );
  }
}

function checkReplicates({ experiment, spec, report }: Context, { pointer, replicates }: Stage): void {
  if (replicates === null) return;
  const own = pointer === null ? undefined : experiment.stages[Number(pointer.split('/').at(-1))]?.replicates;
  const place = own === undefined ? at('replicates') : `${pointer ?? ''}/replicates`;
  const { n, seeds, vary, hold, paired } = replicates;
  if (typeof seeds !== 'string') {
    const twice = seeds.findIndex((seed, index) => seeds.indexOf(seed) < index);
    if (twice >= 0) {
      report.error(
        'duplicate-seed',
        `${place}/seeds/${String(twice)}`,
        text(
          `The seed ${String(seeds[twice])} stands twice: the same run counted twice would look like two.`,
          `种子 ${String(seeds[twice])} 重复：同一次运行会被当作两次。`,
        ),
      );
    }
  }
  const ignored = report.writtenKeys(place)?.includes('n') === true;
  if (ignored && seeds === 'same' && pointer !== null && !pointer.endsWith('/0')) {
    report.warning(
      'replicates-n',
      `${place}/n`,
      text(
        '"same" takes the seeds of the stage before, however many they are: "n" says nothing. Leave it out.',
        '"same" 沿用上一阶段的全部种子，"n" 不起作用。请将其删除。',
      ),
    );
  }
  if (ignored && typeof seeds !== 'string' && seeds.length !== n) {
    report.warning(
      'replicates-n',
      `${place}/n`,
      text(
        `"n" is ${String(n)}, and "seeds" lists ${String(seeds.length)}: there are as many replicates as seeds. Leave "n" out.`,
        `"n" 为 ${String(n)}，而 "seeds" 列出 ${String(seeds.length)} 个：重复次数以种子数为准。请删除 "n"。`,
      ),
    );
  }
  const moves = vary
    .filter((source) => !hold.includes(source))
    .filter((source) => source !== 'split' || splitCanVary(spec));
  if (moves.length === 0) {
    report.error(
      'nothing-varies',
      place,
      text(
        'Nothing differs between the replicates, so that they would all be one and the same run. Let at least one of init, order, dropout or split vary.',
        '各次重复之间没有任何变化，它们将是同一次运行。请至少让 init、order、dropout 或 split 之一变化。',
      ),
    );
  } else if (vary.includes('split') && !hold.includes('split') && !splitCanVary(spec)) {
    report.information(
      'split-fixed',
      place,
      text(
        'The split is given by a file or a column, so all replicates share it: verdicts hold for this split and test set.',
        '划分由文件或列指定，所有重复共用同一划分：结论只针对该划分与测试集。',
      ),
    );
  }
  if (!paired) {
    report.information(
      'unpaired',
      `${place}/paired`,
      text(
        'Every arm has seeds of its own, so that nothing is paired: Welch\'s t compares the arms, and needs more seeds for the same difference. Leave "paired" out for shared seeds.',
        '各组使用各自的种子，无法配对：以 Welch t 检验比较各组，发现同样的差异需要更多种子。若要共用种子，请去掉 "paired"。',
      ),
    );
  }
}

function checkLooks({ experiment: { looks }, report }: Context): void {
  if (!Array.isArray(looks)) return;
  const list = looks as readonly number[];
  const wrong = list.findIndex((share, index) => index > 0 && share <= (list[index - 1] ?? 0));
  if (wrong < 0) return;
  report.error(
    'looks-order',
    at('looks', wrong),
    text(
      'Looks follow one another: each is at a larger share of the replicates than the one before.',
      '各次查看应依次进行：每次所占的重复比例须大于前一次。',
    ),
  );
}
