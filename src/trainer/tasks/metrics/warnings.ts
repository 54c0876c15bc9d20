/** What metrics have to say: each for itself, and several of one cause in one sentence. */
import type { Text } from '../../../common/text.ts';
import type { MetricWarning } from './contract.ts';

export function undefinedBecause(metric: string, en: string, zh: string): MetricWarning {
  return { ...said([metric], { en, zh }), metric };
}

const noLabel = { en: 'no sample has a label', zh: '没有带标签的样本' };

/** Nothing is measured where nothing is known. */
export function unlabeled(metric: string): MetricWarning {
  return undefinedBecause(metric, noLabel.en, noLabel.zh);
}

export function isUnlabeled({ reason }: MetricWarning): boolean {
  return reason?.en === noLabel.en;
}

function said(metrics: readonly string[], reason: Text): Pick<MetricWarning, 'code' | 'message' | 'reason'> {
  const message = {
    en: `${metrics.join(', ')} ${metrics.length === 1 ? 'is' : 'are'} not defined here: ${reason.en}.`,
    zh: `${metrics.join('、')} 在此无定义：${reason.zh}。`,
  };
  return { code: 'metric-undefined', message, reason };
}

/** One warning a cause: metrics that are not defined for the same reason are told together, at the place of the first. */
export function byCause(warnings: readonly MetricWarning[]): readonly MetricWarning[] {
  return warnings.flatMap((warning, index) => {
    const { reason } = warning;
    if (reason === undefined) return [warning];
    const same = warnings.filter((other) => other.reason?.en === reason.en);
    if (warnings.indexOf(same[0] ?? warning) !== index) return [];
    return [
      {
        ...said(
          same.map(({ metric }) => metric),
          reason,
        ),
        metric: same.map(({ metric }) => metric).join(' '),
      },
    ];
  });
}
