/** The ledger drawn into the picture: width, hue and dash of the edges by which gradients arrive at what is shared. */
import type { Ledger } from '../../src/messages/ledger.ts';
import type { Diagram } from '../../src/plan/plan.ts';
import { svg } from '../dom.ts';
import { allBlocks, arrivals, largestPull, taskNames, widthOf, type Pull } from './ledger.ts';
import type { Strings } from './strings.ts';

/** What the ledger shows. */
export interface Shown {
  readonly pulls: readonly Pull[];
  readonly ledger: Ledger;
  /** Whose gradients these are: `allBlocks` for all that is shared. */
  readonly block: string;
}

/** @param stage holds the picture */
export function drawLedger(
  stage: HTMLElement,
  diagram: Diagram,
  { pulls, ledger, block }: Shown,
  strings: Strings,
): void {
  const largest = largestPull(ledger, block);
  for (const node of stage.querySelectorAll<SVGGElement>('[data-testid="node"]')) {
    node.toggleAttribute('data-pulled', block !== allBlocks && node.dataset['name'] === block);
  }
  const names = taskNames(diagram);
  for (const { from, to, task } of arrivals(diagram)) {
    const path = stage.querySelector<SVGPathElement>(`[data-testid="edge"][data-from="${from}"][data-to="${to}"]`);
    const pull = pulls.find((one) => one.task === names[task ?? -1]);
    if (path === null || pull === undefined) continue;
    const { weighted, cosine } = pull;
    path.dataset['weighted'] = weighted === null ? '' : String(weighted);
    path.dataset['cosine'] = cosine === null ? '' : String(cosine);
    path.style.strokeWidth = `${String(weighted === null ? 1 : widthOf(weighted, largest))}px`;
    path.style.stroke = colorOf(cosine);
    // What is not known is dotted; what points against the others is dashed, beside its color.
    path.style.strokeDasharray = weighted === null ? '1 4' : cosine !== null && cosine < 0 ? '10 4' : 'none';
    path.querySelector('title')?.remove();
    const number = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(3))));
    path.append(svg('title', {}, strings.arrival(pull.task, number(weighted), number(cosine))));
  }
}

/** From red (against the others) over the text's muted color to blue (with them). */
function colorOf(cosine: number | null): string {
  const muted = 'var(--vscode-descriptionForeground)';
  if (cosine === null) return muted;
  const hue = cosine < 0 ? 'var(--vscode-charts-red, #f14c4c)' : 'var(--vscode-charts-blue, #3794ff)';
  const strength = Math.round(25 + 75 * Math.min(1, Math.abs(cosine)));
  return `color-mix(in srgb, ${hue} ${String(strength)}%, ${muted})`;
}
