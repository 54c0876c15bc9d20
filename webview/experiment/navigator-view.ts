/** The tab *navigator*: a handle over the weights, and what every task's metric is expected to be there. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import type { Response, WeightSurface } from '../../src/experiment/surface/contract.ts';
import type { ExperimentToPage } from '../../src/messages/protocol.ts';
import { button, type Control } from '../controls.ts';
import { element, numberText, setText, svg } from '../dom.ts';
import { palette } from '../theme.ts';
import { Choice, sameTexts } from './choice.ts';
import { table } from './plain-table.ts';
import { boxOf, handleAt, lineParts, simplexParts } from './navigator-plot.ts';
import { isSame, moved, nearest, predict, sharesAt, snapped, weightsAt, weightsText } from './navigator.ts';
import { estimate, plain, range } from './numbers.ts';
import { ShareSliders } from './share-sliders.ts';
import { chosenOf, type Frame, type View } from './view.ts';

/** So many of the weights that were run stand beside. */
const shown = 5;
/** One press of an arrow key. */
const step = 0.01;

export class NavigatorView implements View {
  readonly node: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly twin = true;
  readonly #frame: Frame;
  readonly #task: Choice;
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'navigator-sentence', 'aria-live': 'polite' });
  readonly #note = element('p', { class: 'note', 'data-testid': 'navigator-note' });
  readonly #legend = element('p', { class: 'note' });
  readonly #sliders: ShareSliders;
  readonly #plot: SVGElement;
  readonly #chart: HTMLElement;
  readonly #tables: HTMLElement;
  readonly #add: Control;
  readonly #addNote = element('span', { class: 'note', 'data-testid': 'add-note' });
  readonly #addRow: HTMLElement;
  #surface: WeightSurface | null = null;
  #chosen = false;
  #focused = false;

  constructor(frame: Frame) {
    this.#frame = frame;
    const { strings, set } = frame;
    const words = strings.navigator;
    this.#task = new Choice('navigator-task', strings.task, (task) => set({ task }));
    this.controls = [this.#task.node];
    this.#sliders = new ShareSliders(words.shareOf, (place, share) => this.#move(moved(this.#shares(), place, share)));
    this.#plot = svg('svg', { role: 'group', 'aria-label': words.chart, 'data-testid': 'simplex' });
    this.#chart = element('div', { class: 'chart navigator-chart' }, this.#plot);
    this.#add = button({ testId: 'add-arm', label: words.add, onClick: () => this.#post() });
    this.#addRow = element('div', { class: 'legend-row' }, this.#add, this.#addNote);
    const region = { class: 'tables', tabindex: '0', role: 'region', 'aria-label': words.predictionsTable };
    this.#tables = element('div', region);
    const side = element('div', { class: 'navigator-side' }, this.#sliders.node, this.#addRow, this.#tables);
    const body = element('div', { class: 'navigator-body' }, this.#chart, side);
    const parts = [this.#sentence, this.#note, this.#legend, body];
    this.node = element('div', { class: 'view', 'data-testid': 'navigator' }, ...parts);
    this.#plot.addEventListener('pointerdown', (event) => this.#drag(event));
    new ResizeObserver(() => {
      if (this.#chart.clientWidth > 0) this.#draw();
    }).observe(this.#chart);
  }

  receive(message: ExperimentToPage): void {
    if (message.type !== 'surface') return;
    this.#surface = message.surface;
    this.#show();
  }

  update(comparison: Comparison | null, chosen: boolean): void {
    this.#chosen = chosen && comparison !== null;
    this.#show();
  }

  /** Where the handle stands; shares of other tasks, remembered from another comparison, are none. */
  #shares(): readonly number[] {
    const surface = this.#surface;
    const { shares } = this.#frame.state();
    const fits = shares !== null && shares.length === surface?.tasks.length;
    // The spec's own weights as they are: thirds are no thousandths.
    return fits ? snapped(shares) : (surface?.current ?? []);
  }

  #move(shares: readonly number[]): void {
    this.#frame.set({ shares });
  }

  #post(): void {
    const surface = this.#surface;
    if (surface === null || surface.arm === null) return;
    const weights = weightsAt(surface, this.#shares());
    const named = surface.tasks.map((task, at): [string, number] => [task, weights[at] ?? NaN]);
    this.#frame.post({ type: 'addArm', weights: named });
  }

  #show(): void {
    if (!this.#chosen) return;
    const surface = this.#surface;
    const { strings, state } = this.#frame;
    const words = strings.navigator;
    const none = surface === null;
    for (const node of [this.#sliders.node, this.#addRow, this.#tables]) node.hidden = none;
    const drawn = surface !== null && (surface.tasks.length === 2 || surface.tasks.length === 3);
    this.#chart.hidden = !drawn || state().table;
    this.#task.node.hidden = this.#chart.hidden;
    if (none) {
      setText(this.#sentence, strings.sentences.noNavigator);
      for (const node of [this.#note, this.#legend]) setText(node, '');
      return;
    }
    const shares = this.#shares();
    setText(this.#sentence, this.#say(surface, shares));
    const remarks = surface.remarks.map((remark) => remark[strings.language]);
    setText(this.#note, [words.validation, ...remarks].join(strings.space));
    const task = chosenOf(state().task, surface.tasks);
    this.#task.update(sameTexts(surface.tasks), task);
    const legend = surface.tasks.length === 3 ? words.simplexLegend(task) : words.lineLegend(task);
    setText(this.#legend, drawn ? (state().table ? '' : legend) : surface.tasks.length > 3 ? words.noChart : '');
    this.#sliders.update(surface.tasks, shares, weightsAt(surface, shares));
    this.#showAdd(surface, shares);
    this.#tables.replaceChildren(this.#predictions(surface, shares), this.#support(surface, shares));
    this.#draw();
  }

  #showAdd(surface: WeightSurface, shares: readonly number[]): void {
    const { strings } = this.#frame;
    const { add, adds, cannotAdd, alreadyRun } = strings.navigator;
    const same = nearest(surface, shares, 1).find(isSame);
    this.#add.disabled = surface.arm === null;
    this.#add.title = surface.arm === null ? add : adds(weightsText(weightsAt(surface, shares)));
    const known = same === undefined ? '' : alreadyRun(same.point.arms.join(strings.comma));
    setText(this.#addNote, surface.arm === null ? cannotAdd : known);
  }

  #say(surface: WeightSurface, shares: readonly number[]): string {
    const { strings } = this.#frame;
    const { sentences } = strings;
    const found = surface.responses.flatMap(({ task, metric, model }) =>
      model === null ? [] : [{ name: `${task} ${metric}`, ...predict(model, shares) }],
    );
    if (found.length === 0) return sentences.navigatorNothing(surface.points.length);
    const list = found.map(({ name, value, interval }) => `${name} ${estimate(value, interval)}`).join(strings.comma);
    const beyond = found.some(({ extrapolated }) => extrapolated);
    const weights = weightsText(weightsAt(surface, shares));
    return (beyond ? sentences.navigatorBeyond : sentences.navigator)(weights, list);
  }

  #predictions({ responses, level }: WeightSurface, shares: readonly number[]): HTMLElement {
    const { strings } = this.#frame;
    const words = strings.navigator;
    const rows = responses.map((response) => this.#prediction(response, shares));
    const heads = [strings.task, words.predicted, words.predictedInterval(`${plain(100 * level)} %`), words.standing];
    const more = [words.leftOut, words.ofMean, words.model, strings.runs];
    return table('predictions', words.predictionsTable, [...heads, ...more], rows);
  }

  #prediction({ task, metric, higherIsBetter, model, runs, remark }: Response, shares: readonly number[]): HTMLElement {
    const { strings } = this.#frame;
    const words = strings.navigator;
    const found = model === null ? null : predict(model, shares);
    const [low, high] = found?.interval ?? [null, null];
    const state = found === null ? '' : found.extrapolated ? words.extrapolated : words.within;
    const standing = [state, remark?.[strings.language] ?? ''].filter((part) => part !== '');
    const data = { 'data-value': numberText(found?.value), 'data-low': numberText(low), 'data-high': numberText(high) };
    const marked = { 'data-testid': 'prediction', 'data-task': task, 'data-extrapolated': String(found?.extrapolated ?? false) }; // prettier-ignore
    return element(
      'tr',
      { ...marked, ...data },
      element('th', { scope: 'row' }, strings.axis(task, metric, higherIsBetter ? strings.higher : strings.lower)),
      element('td', {}, plain(found?.value ?? null)),
      element('td', {}, range(found?.interval ?? null)),
      element('td', { class: 'wrap' }, standing.join(strings.separator)),
      element('td', {}, plain(model?.leftOutError ?? null)),
      element('td', {}, plain(model?.meanError ?? null)),
      element('td', {}, model === null ? plain(null) : (words.degrees[model.degree - 1] ?? '')),
      element('td', {}, String(runs)),
    );
  }

  /** What was measured nearby. */
  #support(surface: WeightSurface, shares: readonly number[]): HTMLElement {
    const { strings } = this.#frame;
    const words = strings.navigator;
    const rows = nearest(surface, shares, shown).map(({ point, distance }) =>
      element(
        'tr',
        { 'data-testid': 'support' },
        element('th', { scope: 'row' }, weightsText(weightsAt(surface, point.shares))),
        element('td', {}, distance.toFixed(3)),
        element('td', { class: 'wrap' }, point.arms.join(strings.comma)),
        element('td', {}, String(point.runs)),
        ...point.means.map((mean) => element('td', {}, plain(mean))),
      ),
    );
    const tasks = surface.responses.map(({ task }) => task);
    const heads = [words.weights, words.distance, words.arms, strings.runs, ...tasks];
    return table('supports', words.supportTable, heads, rows);
  }

  #draw(): void {
    const surface = this.#surface;
    if (surface === null || this.#chart.hidden || !this.#chosen) return;
    const [width, height] = [Math.max(280, this.#chart.clientWidth), Math.max(220, this.#chart.clientHeight)];
    const { strings, state } = this.#frame;
    const shares = this.#shares();
    const task = surface.tasks.indexOf(chosenOf(state().task, surface.tasks));
    const picture = { surface, task, shares, width, height };
    this.#focused ||= this.#plot.contains(document.activeElement);
    this.#plot.setAttribute('width', String(width));
    this.#plot.setAttribute('height', String(height));
    const parts = surface.tasks.length === 3 ? simplexParts(picture) : lineParts(picture);
    const [x, y] = handleAt(picture);
    const handle = svg('circle', {
      ...{ cx: String(x), cy: String(y), r: '8', fill: palette().accent, stroke: palette().foreground },
      ...{ 'stroke-width': '2', tabindex: '0', role: 'img', class: 'point handle', 'data-testid': 'handle' },
      'aria-label': strings.navigator.handle(weightsText(weightsAt(surface, shares))),
    });
    handle.addEventListener('keydown', (event) => this.#key(event));
    this.#plot.replaceChildren(...parts, handle);
    if (this.#focused) handle.focus();
    this.#focused = false;
  }

  #key(event: KeyboardEvent): void {
    const shares = this.#shares();
    const far = event.shiftKey ? 10 * step : step;
    const [, left = 0, right = 0] = shares;
    const two = shares.length === 2;
    const along: Readonly<Record<string, () => readonly number[]>> = {
      ArrowUp: () => moved(shares, 0, (shares[0] ?? 0) + far),
      ArrowDown: () => moved(shares, 0, (shares[0] ?? 0) - far),
      ArrowRight: () => (two ? moved(shares, 0, (shares[0] ?? 0) + far) : between(shares, left - far, right + far)),
      ArrowLeft: () => (two ? moved(shares, 0, (shares[0] ?? 0) - far) : between(shares, left + far, right - far)),
    };
    const next = along[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#focused = true;
    this.#move(next());
  }

  /** The handle follows the pointer until it is let go. */
  #drag(event: PointerEvent): void {
    const surface = this.#surface;
    if (surface === null || event.button !== 0) return;
    const size = { width: Math.max(280, this.#chart.clientWidth), height: Math.max(220, this.#chart.clientHeight) };
    const box = boxOf(size, surface.tasks.length);
    const follow = (at: PointerEvent): void => {
      const area = this.#plot.getBoundingClientRect();
      const [x, y] = [(at.clientX - area.left - box.left) / box.width, (at.clientY - area.top - box.top) / box.height];
      this.#move(surface.tasks.length === 3 ? sharesAt(x, y) : moved([0.5, 0.5], 0, x));
    };
    this.#plot.setPointerCapture(event.pointerId);
    this.#plot.addEventListener('pointermove', follow);
    const end = (): void => this.#plot.removeEventListener('pointermove', follow);
    this.#plot.addEventListener('pointerup', end, { once: true });
    this.#plot.addEventListener('pointercancel', end, { once: true });
    follow(event);
  }
}

/** Weight moved between the second and the third task, the first left alone. */
function between([first = 0]: readonly number[], left: number, right: number): readonly number[] {
  const rest = 1 - first;
  const clamped = Math.min(rest, Math.max(0, left));
  return right < 0 || left < 0 ? snapped([first, clamped, rest - clamped]) : snapped([first, left, right]);
}
