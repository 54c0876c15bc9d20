import * as vscode from 'vscode';
import { isLive } from '../../common/run-state.ts';
import type { Diagram } from '../../plan/plan.ts';
import type { TrackedRun } from '../runs/run-store.ts';
import { stateText } from '../runs/run-text.ts';
import { fixedWidth } from '../weights/lens-text.ts';
import { nameText } from '../window/say.ts';

interface Losses {
  readonly losses: (readonly [string, string])[];
  readonly about?: string;
  readonly final?: boolean;
}

/** What the tasks of a picture show of a run: their losses now, or the last ones once it has ended, and which run that was. */
export function lossesOf(run: TrackedRun | undefined, diagram: Diagram | null): Losses {
  if (run === undefined || diagram === null) return { losses: [] };
  const now = run.history.now();
  const known = new Map(run.history.tasks.map(({ name }, index) => [name, now[index]?.train ?? null] as const));
  const losses = diagram.nodes.flatMap(({ kind, name, group }): (readonly [string, string])[] => {
    if (kind !== 'task') return [];
    const own = (group?.members ?? [name]).flatMap((member) => known.get(member) ?? []);
    return own.length === 0 ? [] : [[name, rangeText(own)]];
  });
  const final = !isLive(run.state);
  const about = final
    ? vscode.l10n.t('Training loss at the end of {0} ({1})', nameText(run.name), stateText(vscode.l10n.t, run.state))
    : vscode.l10n.t('Training loss of {0}, now', nameText(run.name));
  return { losses, about, final };
}

/** `0.412`, or of several tasks drawn as one `0.212 – 0.480`; one that is no number is said. */
function rangeText(losses: readonly number[]): string {
  const numbers = losses.filter((loss) => !Number.isNaN(loss));
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const range = numbers.length === 0 ? [] : [...new Set([least, most].map(fixedWidth))];
  const lost = losses.length - numbers.length;
  if (lost === 0) return range.join(' – ');
  return [...range, losses.length === 1 ? 'NaN' : `NaN × ${String(lost)}`].join(' – ');
}
