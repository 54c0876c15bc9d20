/** How far an experiment is, from a look at its directory. Pure. */
import type { Progress } from '../../messages/comparison.ts';
import type { ExperimentView, PlannedState } from '../../experiment/read.ts';

type Counted = 'done' | 'failed' | 'pruned' | 'running' | 'waiting';

/** A run that was interrupted goes on when the experiment does; one whose place is taken waits for that to be mended. */
const countedAs: Readonly<Record<PlannedState, Counted>> = {
  ...{
    done: 'done',
    failed: 'failed',
    pruned: 'pruned',
    waiting: 'waiting',
    interrupted: 'waiting',
    foreign: 'waiting',
  },
  ...{ preparing: 'running', running: 'running', paused: 'running', stopping: 'running' },
};

/** @param held runs whose results on the test split are not shown */
export function progressOf(
  view: Pick<ExperimentView, 'states' | 'expansion' | 'driver' | 'stop'>,
  held: number,
): Progress {
  const counts = { done: 0, failed: 0, pruned: 0, running: 0, waiting: 0 };
  for (const state of view.states.values()) counts[countedAs[state]]++;
  const later = view.expansion.pending.reduce((sum, { runs }) => sum + runs, 0);
  const { driver, stop } = view;
  const left = counts.running + counts.waiting + later > 0;
  const mode = driver === null ? (left ? 'idle' : 'done') : (driver.status?.mode ?? 'running');
  return {
    ...counts,
    ...{ mode, later, held },
    remaining: driver?.status?.remaining ?? null,
    atMost: driver?.status?.atMost ?? false,
    why: driver === null ? (left ? (stop?.message ?? null) : null) : (driver.status?.why ?? null),
  };
}
