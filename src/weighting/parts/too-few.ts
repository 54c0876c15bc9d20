/** What robust aggregations say where a batch has labels of fewer tasks than they need. */
import { text, type Text } from '../../common/text.ts';

export const tooFew = (strategy: string, present: number, needed: number): Text =>
  text(
    `${strategy}: ${present} of the ${needed} tasks that are needed are present; their mean is taken.`,
    `${strategy}：需要 ${needed} 个任务，此批仅有 ${present} 个，改取平均。`,
  );
