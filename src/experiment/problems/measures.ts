/** What is measured, what difference matters, and what is best on the validation split. */
import { text } from '../../common/text.ts';
import { monitorsOf } from '../../plan/problems/training.ts';
import { isBounded } from '../../spec/index.ts';
import { at, reportUnknown, words, type Context } from './context.ts';

export function checkMeasures(context: Context): void {
  const { experiment, spec, report } = context;
  for (const [task, { metric }] of experiment.measures) {
    const metrics = spec.tasks.get(task)?.metrics.map(({ type }) => type);
    if (metric === undefined || metrics === undefined || metrics.some((one) => one === metric)) continue;
    report.error(
      'metric-not-measured',
      at('measures', task, 'metric'),
      text(
        `"${task}" does not measure \`${metric}\`: it has ${metrics.join(', ')}. Take one of these, or add it to the task's "metrics".`,
        `“${task}”不测量 \`${metric}\`：它有 ${metrics.join('、')}。请从中选择，或将其加入该任务的 "metrics"。`,
      ),
      {
        fixes: metrics
          .slice(0, 1)
          .map((first) =>
            report.fix(
              text(`Change to "${first}"`, `改为“${first}”`),
              report.replace(at('measures', task, 'metric'), first),
            ),
          ),
      },
    );
  }
  checkMargins(context);
  checkSelection(context);
}

/** "No worse" and "equal" mean nothing without a difference that matters. */
function checkMargins({ experiment, design, report }: Context): void {
  for (const [index, { claim, measure }] of experiment.hypotheses.entries()) {
    const of = design.measures.find(({ task }) => task === measure);
    if (claim === 'superior' || of === undefined || of.margin !== null) continue;
    const margin = isBounded(of.metric) ? 0.01 : 0.1;
    const written = experiment.measures.has(measure);
    const entry = JSON.stringify({ metric: of.metric, margin });
    report.error(
      'margin-missing',
      at('hypotheses', index, 'claim'),
      text(
        `"${claim}" needs a margin: the largest difference in ${of.metric} that would not matter. Without one nothing can be called so. Write it in "measures" before the runs are made.`,
        `“${claim}”需要界值：${of.metric} 上无关紧要的最大差异。没有界值就无法得出此结论。请在运行之前写入 "measures"。`,
      ),
      {
        fixes: [
          report.fix(
            text(
              `Add the margin ${String(margin)} for "${measure}" (put in what matters to you)`,
              `为“${measure}”添加界值 ${String(margin)}（请改为对你有意义的值）`,
            ),
            written
              ? report.replaceValue(at('measures', measure), entry)
              : report.writtenKeys(at('measures')) === undefined || report.writtenKeys(at('measures'))?.length === 0
                ? report.setProperties(at(), [['measures', `{ ${JSON.stringify(measure)}: ${entry} }`]])
                : report.setProperties(at('measures'), [[measure, entry]]),
          ),
        ],
      },
    );
  }
}

function checkSelection(context: Context): void {
  const { experiment, spec } = context;
  const { selection } = experiment;
  if (selection === undefined) return;
  const known = monitorsOf(spec).filter((monitor) => !monitor.endsWith('/loss'));
  if (known.includes(selection)) return;
  reportUnknown(context, 'unknown-monitor', at('selection'), {
    ...{ written: selection, known },
    what: text(`measure for ${words.arm.en}s`, '可用于选择的监视值'),
  });
}
