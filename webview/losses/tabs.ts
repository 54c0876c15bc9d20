/** The tabs of the panel, in their order: a row each. */
import { AffinityView } from './affinity-view.ts';
import { ConflictView } from './conflict-view.ts';
import { LossesView } from './losses-view.ts';
import { NormsView } from './norms-view.ts';
import type { Tab } from './strings.ts';
import type { Frame, View } from './view.ts';
import { WeightsView } from './weights-view.ts';

const rows: { readonly [Id in Tab]: (frame: Frame) => View } = {
  losses: (frame) => new LossesView(frame),
  weights: (frame) => new WeightsView(frame),
  conflict: (frame) => new ConflictView(frame),
  norms: (frame) => new NormsView(frame),
  affinity: (frame) => new AffinityView(frame),
};

export interface LossTab {
  readonly id: Tab;
  readonly title: string;
  readonly view: View;
}

export function makeTabs(frame: Frame): readonly LossTab[] {
  const ids = Object.keys(rows) as readonly Tab[];
  return ids.map((id) => ({ id, title: frame.strings.tabs[id], view: rows[id](frame) }));
}
