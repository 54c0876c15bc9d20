/** How long an experiment takes, from how long runs of its spec have taken here. */
import type { Design, Expansion, PlannedRun } from './contract.ts';

/** Measured on this machine, by runs of the spec that have ended. */
export interface Speed {
  readonly secondsPerEpoch: number;
  readonly secondsPerStep: number;
  /** From the start of a process to its first step, and what follows the last. */
  readonly startup: number;
}

export interface Estimate {
  /** All runs, known and to come. */
  readonly runs: number;
  /** Of all runs, on so many processes at once; null where nothing was measured. */
  readonly seconds: number | null;
  readonly parallel: number;
}

export function estimateOf(expansion: Expansion, speed: Speed | null, parallel: number): Estimate {
  const later = expansion.pending.reduce((sum, { runs }) => sum + runs, 0);
  const known = expansion.runs.length;
  const runs = known + later;
  if (speed === null) return { runs, seconds: null, parallel };
  const seconds = expansion.runs.reduce((sum, run) => sum + secondsOf(run, speed), 0);
  // Runs that are not known yet take as long as the others on average.
  const all = known === 0 ? later * speed.startup : (seconds * runs) / known;
  return { runs, seconds: all / Math.max(1, Math.min(parallel, runs)), parallel };
}

/** Early stopping may end a run sooner: this is the time of all its epochs. */
function secondsOf({ variant }: PlannedRun, { secondsPerEpoch, secondsPerStep, startup }: Speed): number {
  const { epochs, steps } = variant.spec.training;
  return startup + (steps === undefined ? (epochs ?? 0) * secondsPerEpoch : steps * secondsPerStep);
}

/** The most runs that the plan may come to, and what the budget allows. */
export function overBudget(design: Design, estimate: Estimate): 'runs' | 'hours' | null {
  const { runs, hours } = design.experiment.budget;
  if (runs !== undefined && estimate.runs > runs) return 'runs';
  if (hours !== undefined && estimate.seconds !== null && estimate.seconds > hours * 3600) return 'hours';
  return null;
}
