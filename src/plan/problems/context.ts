/** What every check may look at. */
import type { Spec } from '../../spec/index.ts';
import type { Vertex } from '../graph.ts';
import type { Table } from '../table-columns.ts';
import type { Machine } from '../memory.ts';
import type { Mistake } from '../network.ts';
import type { Report } from '../report.ts';
import type { Sources } from '../sources.ts';
import type { Plan } from '../plan.ts';

export interface Context {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly table: Table;
  readonly sources: Sources;
  /** Everything after what it reads. */
  readonly order: readonly Vertex[];
  readonly cycles: readonly (readonly Vertex[])[];
  readonly mistakes: readonly Mistake[];
  /** Absent where nothing is to be said of memory. */
  readonly machine?: Machine | undefined;
  readonly report: Report;
}
