/** The tab *effects*: how much of the spread of a task goes with each factor, the means of its levels, and where the rest comes from. */
import type { Comparison, FactorView } from '../../src/experiment/comparison/contract.ts';
import { element, setText, svg } from '../dom.ts';
import { palette, taskColor } from '../theme.ts';
import { axisOf } from './axis.ts';
import { Choice, sameTexts } from './choice.ts';
import { InteractionPlot } from './interaction-plot.ts';
import { percent, plain } from './numbers.ts';
import { table } from './plain-table.ts';
import { effectsSentence } from './sentences.ts';
import { spreadNodes } from './spread-table.ts';
import { chosenOf, type Frame, type View } from './view.ts';

const plot = { width: 220, height: 16 };

export class EffectsView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = false;
  readonly #frame: Frame;
  readonly #task: Choice;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'effects-sentence' });
  readonly #note = element('p', { class: 'note' });
  readonly #tables: HTMLElement;
  readonly #interaction: InteractionPlot;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings } = frame;
    this.#task = new Choice('effects-task', strings.task, (task) => frame.set({ task }));
    this.#interaction = new InteractionPlot(frame);
    this.controls = [this.#task.node, this.#interaction.choice.node];
    const region = { class: 'tables', tabindex: '0', role: 'region', 'aria-label': strings.tabs.effects };
    this.#tables = element('div', region);
    const attributes = { class: 'view', 'data-testid': 'effects' };
    this.node = element('div', attributes, this.#sentence, this.#note, this.#tables);
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    if (comparison === null || !chosen) return;
    const { strings, state } = this.#frame;
    const tasks = comparison.factors.map(({ task }) => task);
    const task = chosenOf(state().task, tasks);
    const view = comparison.factors.find((one) => one.task === task);
    this.#task.node.hidden = tasks.length === 0;
    this.#task.update(sameTexts(tasks), task);
    setText(this.#sentence, effectsSentence(view, strings));
    const split = view?.split === 'validation' ? strings.notes.validation : '';
    const remark = view?.remark?.[strings.language] ?? '';
    setText(this.#note, [split, remark].filter((part) => part !== '').join(strings.separator));
    this.#tables.replaceChildren(...(view === undefined ? [] : [this.#effects(view), this.#levels(view)]));
    this.#interaction.update(view);
    if (!this.#interaction.empty) this.#tables.append(this.#interaction.node);
    this.#tables.append(...spreadNodes(comparison.variance, strings));
  }

  #effects({ task, effects }: FactorView): HTMLElement {
    const { strings } = this.#frame;
    const colors = palette();
    const rows = effects.map(({ factors, df, etaSquared, partialEtaSquared }) => {
      const bar = svg(
        'svg',
        { width: String(plot.width), height: String(plot.height), 'aria-hidden': 'true' },
        svg('rect', { x: '0', y: '3', width: String(plot.width), height: '10', fill: colors.grid }),
        svg('rect', {
          x: '0',
          y: '3',
          width: String((etaSquared ?? 0) * plot.width),
          height: '10',
          fill: taskColor(0),
        }),
      );
      const name = factors.join(' × ');
      return element(
        'tr',
        { 'data-testid': 'effect', 'data-factors': name },
        element('th', { scope: 'row' }, name),
        element('td', {}, bar),
        ...[percent(etaSquared), percent(partialEtaSquared), String(df)].map((text) => element('td', {}, text)),
      );
    });
    const heads = [strings.effect, '', strings.etaSquared, strings.partial, strings.degrees];
    return table('effects-table', strings.effectsTable(task), heads, rows);
  }

  /** All factors over one axis, so that what moves most is seen to. */
  #levels({ task, levels }: FactorView): HTMLElement {
    const { strings } = this.#frame;
    const colors = palette();
    const axis = axisOf(
      levels.map(({ mean }) => mean),
      8,
      plot.width - 8,
    );
    const middle = String(plot.height / 2);
    const names = [...new Set(levels.map(({ factor }) => factor))];
    const rows = levels.map(({ factor, level, runs, mean }) => {
      const dot = svg(
        'svg',
        { width: String(plot.width), height: String(plot.height), 'aria-hidden': 'true' },
        svg('line', { x1: '0', x2: String(plot.width), y1: middle, y2: middle, stroke: colors.grid }),
        svg('circle', { cx: String(axis.at(mean)), cy: middle, r: '5', fill: taskColor(names.indexOf(factor)) }),
      );
      return element(
        'tr',
        { 'data-testid': 'level', 'data-factor': factor, 'data-level': level },
        element('th', { scope: 'row' }, `${factor} = ${level}`),
        element('td', {}, dot),
        element('td', {}, plain(mean)),
        element('td', {}, String(runs)),
      );
    });
    return table('levels-table', strings.levelsTable(task), [strings.level, '', strings.mean, strings.runs], rows);
  }
}
