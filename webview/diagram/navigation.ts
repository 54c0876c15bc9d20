/** From node to node by the arrow keys: along the edges, and among siblings. Pure. */
import type { Diagram } from '../../src/plan/plan.ts';

type Step = 'onward' | 'back' | 'next' | 'previous';

const downward: Readonly<Record<string, Step>> = {
  ArrowDown: 'onward',
  ArrowUp: 'back',
  ArrowRight: 'next',
  ArrowLeft: 'previous',
};
const rightward: Readonly<Record<string, Step>> = {
  ArrowRight: 'onward',
  ArrowLeft: 'back',
  ArrowDown: 'next',
  ArrowUp: 'previous',
};

/** @returns id of the node that a key leads to from this one; undefined where it leads nowhere */
export function neighbor({ direction, edges }: Diagram, id: string, key: string): string | undefined {
  const step = (direction === 'LR' ? rightward : downward)[key];
  if (step === undefined) return undefined;
  if (step === 'onward') return edges.find(({ from }) => from === id)?.to;
  const parent = edges.find(({ to }) => to === id)?.from;
  if (step === 'back') return parent;
  const siblings = edges.filter(({ from }) => from === parent).map(({ to }) => to);
  const place = siblings.indexOf(id) + (step === 'next' ? 1 : -1);
  return siblings.at(place % Math.max(1, siblings.length));
}

export const isArrow = (key: string): boolean => key in downward;
