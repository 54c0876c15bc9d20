/** Networks that no machine here could hold: a digit too many, told before anything is built. */
import { text } from '../../common/text.ts';
import { maxParameters } from '../../spec/index.ts';
import type { PlanLayer } from '../plan.ts';
import type { Context } from './context.ts';

export function checkSize({ plan, report }: Context): void {
  const { total } = plan.parameters;
  if (total === null || total <= maxParameters) return;
  const layers = [...plan.blocks.values(), ...plan.tasks.values()].flatMap((part) => part.layers);
  const largest = layers.reduce<PlanLayer | undefined>(
    (most, layer) => ((layer.parameters ?? 0) > (most?.parameters ?? 0) ? layer : most),
    undefined,
  );
  const count = String(largest?.parameters ?? total);
  report.error(
    'too-large',
    largest?.pointer ?? '/network',
    text(
      `This network has ${String(total)} parameters, ${count} of them here; ${String(maxParameters)} are the most. Make the layer smaller, or pool before it.`,
      `该网络共有 ${String(total)} 个参数，其中此处 ${count} 个；上限为 ${String(maxParameters)}。请缩小该层，或在其前池化。`,
    ),
  );
}
