/** The tabs of the comparison, in their order: a row each. */
import { ArmsView } from './arms-view.ts';
import { BesideView } from './beside-view.ts';
import { CurvesView } from './curves-view.ts';
import { DifferencesView } from './differences-view.ts';
import { EffectsView } from './effects-view.ts';
import { ForestView } from './forest-view.ts';
import { HypothesesView } from './hypotheses-view.ts';
import { NavigatorView } from './navigator-view.ts';
import { ParallelView } from './parallel-view.ts';
import { ParetoView } from './pareto-view.ts';
import type { Tab } from './strings.ts';
import type { Frame, View } from './view.ts';

const rows: { readonly [Id in Tab]: (frame: Frame) => View } = {
  beside: (frame) => new BesideView(frame),
  arms: (frame) => new ArmsView(frame),
  forest: (frame) => new ForestView(frame),
  pareto: (frame) => new ParetoView(frame),
  parallel: (frame) => new ParallelView(frame),
  effects: (frame) => new EffectsView(frame),
  curves: (frame) => new CurvesView(frame),
  navigator: (frame) => new NavigatorView(frame),
  differences: (frame) => new DifferencesView(frame),
  hypotheses: (frame) => new HypothesesView(frame),
};

export interface ComparisonTab {
  readonly id: Tab;
  readonly title: string;
  readonly view: View;
}

export function makeTabs(frame: Frame): readonly ComparisonTab[] {
  const ids = Object.keys(rows) as readonly Tab[];
  return ids.map((id) => ({ id, title: frame.strings.tabs[id], view: rows[id](frame) }));
}
