/** The losses of a run at the tasks of the picture: now while it trains, the last ones when it has ended. */
import { svg } from '../dom.ts';

export interface NodeLosses {
  /** [task, text]. */
  readonly losses: readonly (readonly [string, string])[];
  /** What they are: shown to those who hover or listen. */
  readonly about: string;
  readonly final: boolean;
}

/** Writes each task's loss above its node. */
export function showLosses(nodes: readonly SVGGElement[], { losses, about, final }: NodeLosses): void {
  const byTask = new Map(losses);
  for (const node of nodes) {
    node.querySelector('.live-loss')?.remove();
    const text = node.dataset['kind'] === 'task' ? byTask.get(node.dataset['name'] ?? '') : undefined;
    const shape = node.querySelector<SVGGraphicsElement>(':scope > .label-container, :scope > rect, :scope > polygon');
    if (text === undefined || shape === null) continue;
    const { x, y, width } = shape.getBBox();
    const place = { x: String(x + width), y: String(y - 4), 'text-anchor': 'end', class: 'live-loss' };
    const label = svg('text', { ...place, 'data-testid': 'live-loss', 'data-final': String(final) }, text);
    label.append(svg('title', {}, about));
    node.append(label);
  }
}
