/** Which labels the losses and metrics of a task make sense of: each row says so. */
import { extraOf } from '../schema/build.ts';
import type { Domain, Members } from '../schema/build.ts';
import { losses } from '../schema/losses.ts';
import { metrics } from '../schema/metrics.ts';
import type { TaskSpec } from '../resolved.ts';

export interface DomainDemand {
  readonly domain: Domain;
  /** Who asks for it, as the spec writes it: `loss "poisson"`. */
  readonly by: string;
}

/** What the loss and each metric of a task ask of its labels. */
export function domainsOf({ type, loss, metrics: wanted }: TaskSpec): readonly DomainDemand[] {
  const demand = (table: Members, name: string, what: string): DomainDemand[] => {
    const entry = Object.hasOwn(table, name) ? table[name] : undefined;
    const { domain } = entry === undefined ? {} : extraOf(entry);
    return domain === undefined ? [] : [{ domain, by: `${what} "${name}"` }];
  };
  return [
    ...demand(losses[type], loss.type, 'loss'),
    ...wanted.flatMap((metric) => demand(metrics[type], metric.type, 'metric')),
  ];
}
