/** A run that goes on from the checkpoint of another one: the parent's state, without what means nothing here. */
import { text } from '../../common/text.ts';
import type { ForkRecord } from '../../runs/fork/record.ts';
import type { Json, Memory } from '../../weighting/contract.ts';
import { TrainingError } from '../errors.ts';
import { freshPlateau } from '../optimizers/schedules.ts';
import type { TrainingState } from './checkpoint.ts';
import { initialSelection } from './monitor.ts';

/** What the fork's own method has made for its first step. */
export interface FreshMethod {
  readonly strategy: Json;
  readonly memory: Memory<Float32Array>;
}

/** Pure: what is not carried over is as in a run that begins. Seconds are the fork's own. */
export function forkedState(
  { progress, best, memory }: TrainingState,
  { notCarried }: Pick<ForkRecord, 'notCarried'>,
  fresh: FreshMethod,
): TrainingState {
  const lost = new Set(notCarried);
  const { selection, plateau } = progress;
  // Somebody wants the run to go on: early stopping that has spoken counts anew.
  const goesOn = progress.stoppedEarly ? { ...selection, waited: 0 } : selection;
  const other = lost.has('best');
  return {
    progress: {
      ...progress,
      strategy: lost.has('strategy') ? fresh.strategy : progress.strategy,
      watched: lost.has('watched') ? null : progress.watched,
      problems: other ? {} : progress.problems,
      selection: other ? initialSelection : goesOn,
      plateau: {
        ...(other ? { ...plateau, best: null, bad: 0 } : plateau),
        ...(lost.has('drops') ? freshPlateau : {}),
      },
      stoppedEarly: false,
      seconds: 0,
      warned: other ? [] : progress.warned,
    },
    best: other ? null : best,
    memory: lost.has('strategy') ? fresh.memory : memory,
  };
}

/** @throws TrainingError `fork` where the place in the data would be another */
export function refuseOtherSteps({ stepsPerEpoch, run }: ForkRecord, own: number): void {
  if (stepsPerEpoch === own) return;
  throw new TrainingError(
    'fork',
    text(
      `The run "${run}" cannot be forked so: its epochs had ${stepsPerEpoch} steps, these would have ${own}, since the strategy takes another number of batches a step or the data are others. Start a new run instead.`,
      `无法这样从运行“${run}”分支：其每轮有 ${stepsPerEpoch} 步，而此处为 ${own} 步，因为该策略每步所取的批数不同，或数据不同。请新建运行。`,
    ),
  );
}
