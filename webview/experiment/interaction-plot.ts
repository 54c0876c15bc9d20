/** Two factors against each other: cell means with their intervals as lines, and the same numbers as a table. */
import type { FactorView } from '../../src/experiment/comparison/contract.ts';
import { element, numberText, setText, svg } from '../dom.ts';
import { palette, taskColor, taskDash } from '../theme.ts';
import { axisOf } from './axis.ts';
import { Choice, sameTexts } from './choice.ts';
import { linesOf, orderedPairs, shareOf, type InteractionLine, type Ordered } from './interactions.ts';
import { percent, plain, range } from './numbers.ts';
import { table } from './plain-table.ts';
import { chosenOf, mark, swatch, type Frame } from './view.ts';

const size = { width: 420, height: 240, left: 56, right: 16, top: 10, bottom: 40 };

export class InteractionPlot {
  readonly node: HTMLElement;
  readonly choice: Choice;
  empty = true;
  readonly #frame: Frame;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'interaction-sentence' });
  readonly #content = element('div', { class: 'interaction' });

  constructor(frame: Frame) {
    this.#frame = frame;
    this.choice = new Choice('interaction', frame.strings.interaction, (interaction) => frame.set({ interaction }));
    this.node = element('div', { 'data-testid': 'interactions' }, this.#sentence, this.#content);
  }

  update(view: FactorView | undefined): void {
    const pairs = view === undefined ? [] : orderedPairs(view);
    const names = pairs.map(({ name }) => name);
    const chosen = chosenOf(this.#frame.state().interaction, names);
    const pair = pairs.find(({ name }) => name === chosen);
    this.empty = view === undefined || pair === undefined;
    this.choice.node.hidden = this.empty;
    if (view === undefined || pair === undefined) return;
    this.choice.update(sameTexts(names), chosen);
    const { strings } = this.#frame;
    const without = pair.cells.filter(({ runs }) => runs === 0).length;
    const said = [
      strings.sentences.interaction(...pair.factors, percent(shareOf(view, pair.factors))),
      ...(without > 0 ? [strings.sentences.emptyCells(without, pair.cells.length)] : []),
    ];
    setText(this.#sentence, said.join(strings.space));
    const { along, lines } = linesOf(pair);
    this.#content.replaceChildren(this.#legend(lines), this.#plot(view.task, pair, along, lines), this.#table(view.task, pair, lines)); // prettier-ignore
  }

  #legend(lines: readonly InteractionLine[]): HTMLElement {
    const items = lines.map(({ level }, place) => element('span', { class: 'arm-name' }, swatch(place), level));
    return element('div', { class: 'legend-row' }, ...items);
  }

  #plot(task: string, { factors }: Ordered, along: readonly string[], lines: readonly InteractionLine[]): SVGElement {
    const colors = palette();
    const values = lines.flatMap(({ cells }) =>
      cells.flatMap(({ mean, interval }) => (mean === null ? [] : [mean, ...(interval ?? [])])),
    );
    const y = axisOf(values, size.height - size.bottom, size.top);
    const width = (size.width - size.left - size.right) / Math.max(1, along.length);
    // Lines stand a little beside each other, so that their bars do not hide each other.
    const across = (at: number, place: number): number =>
      size.left + (at + 0.5) * width + (place - (lines.length - 1) / 2) * Math.min(8, width / (lines.length + 1));
    const label = (text: string, x: number, up: number, anchor: string): SVGElement =>
      svg('text', { x: String(x), y: String(up), 'text-anchor': anchor, fill: colors.foreground, class: 'tick' }, text);
    const grid = y.ticks.flatMap((tick) => [
      svg('line', { x1: String(size.left), x2: String(size.width - size.right), y1: String(y.at(tick)), y2: String(y.at(tick)), stroke: colors.grid }), // prettier-ignore
      label(y.label(tick), size.left - 6, y.at(tick) + 4, 'end'),
    ]);
    const names = along.map((level, at) => label(level, size.left + (at + 0.5) * width, size.height - 24, 'middle'));
    const parts = lines.flatMap(({ level, cells }, place) => {
      const color = taskColor(place);
      const points = cells.map(({ mean }, at) => (mean === null ? null : ([across(at, place), y.at(mean)] as const)));
      // A line goes only between neighbors that both have a mean.
      const path = points.map((point, at) => (point === null ? '' : `${points[at - 1] ? 'L' : 'M'}${point.join(' ')}`));
      const bars = cells.flatMap(({ interval }, at) => {
        if (interval === null) return [];
        const [x, low, high] = [across(at, place), y.at(interval[0]), y.at(interval[1])].map(String) as [string, string, string]; // prettier-ignore
        return [svg('line', { x1: x, x2: x, y1: low, y2: high, stroke: color, 'data-testid': 'interaction-bar' })];
      });
      const line = { d: path.join(''), fill: 'none', stroke: color, 'stroke-dasharray': taskDash(place).join(' ') };
      return [
        svg('path', { ...line, 'stroke-width': '2', 'data-testid': 'interaction-line', 'data-level': level }),
        ...bars,
        ...points.flatMap((point) => (point === null ? [] : [mark(place, point[0], point[1], 4.5)])),
      ];
    });
    const title = this.#frame.strings.interactionChart(task, ...factors);
    return svg(
      'svg',
      { width: String(size.width), height: String(size.height), role: 'img', 'aria-label': title },
      ...grid,
      ...names,
      label(factors[0], size.left + (size.width - size.left - size.right) / 2, size.height - 6, 'middle'),
      ...parts,
    );
  }

  #table(task: string, { factors }: Ordered, lines: readonly InteractionLine[]): HTMLElement {
    const { strings } = this.#frame;
    const rows = lines.flatMap(({ cells }) =>
      cells.map(({ levels, runs, mean, interval }) =>
        element(
          'tr',
          { 'data-testid': 'interaction-cell', 'data-first': levels[0], 'data-second': levels[1], 'data-value': numberText(mean) }, // prettier-ignore
          element('th', { scope: 'row' }, levels[0]),
          element('td', {}, levels[1]),
          element('td', {}, mean === null ? strings.noRuns : plain(mean)),
          element('td', {}, range(interval)),
          element('td', {}, String(runs)),
        ),
      ),
    );
    const heads = [...factors, strings.mean, strings.between, strings.runs];
    return table('interaction-table', strings.interactionTable(task), heads, rows);
  }
}
