/** The comparison's page: question, state, remarks, and the tabs over one comparison. It computes nothing that is judged. */
import type { Comparison } from '../../src/experiment/comparison/contract.ts';
import type { Progress } from '../../src/messages/comparison.ts';
import type { ExperimentToHost, ExperimentToPage } from '../../src/messages/protocol.ts';
import { Tabs } from '../charts/tabs.ts';
import { checkbox } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { onThemeChange } from '../theme.ts';
import { placesOf, type Places } from './marks.ts';
import { ProgressRow } from './progress-row.ts';
import { overallSentence } from './sentences.ts';
import type { Strings, Tab } from './strings.ts';
import { makeTabs, type ComparisonTab } from './tabs.ts';
import { defaults, type ViewState } from './view.ts';

export class ExperimentPage {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #post: (message: ExperimentToHost) => void;
  readonly #save: (state: ViewState) => void;
  readonly #tabs: readonly (ComparisonTab & { readonly controls: HTMLElement })[];
  readonly #row: Tabs<Tab>;
  readonly #table: HTMLElement;
  readonly #progress: ProgressRow;
  readonly #heading = element('h1', { 'data-testid': 'name' });
  readonly #question = element('p', { class: 'question', 'data-testid': 'question' });
  readonly #sentence = element('p', { class: 'sentence', 'data-testid': 'summary', 'aria-live': 'polite' });
  readonly #problem = element('p', { class: 'problem', 'data-testid': 'problem', role: 'alert' });
  readonly #remarks = element('details', { class: 'remarks', 'data-testid': 'remarks' });
  #view: ViewState;
  /** Nobody has chosen a tab yet. */
  #fresh: boolean;
  #name = '';
  #comparison: Comparison | null = null;
  #places: Places;
  #progressNow: Progress | null = null;
  #remarksShape = '';

  constructor(
    strings: Strings,
    post: (message: ExperimentToHost) => void,
    saved: Partial<ViewState>,
    save: (state: ViewState) => void,
  ) {
    this.#strings = strings;
    this.#post = post;
    this.#save = save;
    this.#view = { ...defaults, ...saved };
    this.#fresh = saved.tab === undefined;
    this.#places = placesOf(this.#view.places, []);
    const tabs = makeTabs({
      strings,
      state: () => this.#view,
      set: (change) => this.#set(change),
      post,
      place: (arm) => this.#places.get(arm) ?? 0,
    });
    this.#tabs = tabs.map((tab) => ({
      ...tab,
      controls: element('span', { class: 'controls' }, ...tab.view.controls),
    }));
    // What an older version of the page remembered may name a tab that is no more.
    if (!tabs.some(({ id }) => id === this.#view.tab)) this.#view = { ...this.#view, tab: defaults.tab };
    const contents = tabs.map(({ id, title, view }) => ({ id, title, content: view.node }));
    this.#row = new Tabs(strings.tabList, contents, (tab) => this.#set({ tab }));
    this.#row.offer('beside', false);
    this.#table = checkbox({
      ...{ testId: 'view-table', label: strings.table, checked: this.#view.table },
      onChange: (table) => this.#set({ table }),
    });
    this.#progress = new ProgressRow(strings, (type) => post({ type }));
    const controls = this.#tabs.map((tab) => tab.controls);
    this.node = element(
      'main',
      { 'data-testid': 'comparison', class: 'panel', 'data-arms': '0' },
      element(
        'header',
        {},
        this.#heading,
        this.#question,
        this.#sentence,
        this.#progress.node,
        this.#problem,
        this.#remarks,
      ),
      element(
        'div',
        { class: 'tab-row' },
        this.#row.node,
        element('span', { class: 'spring' }),
        ...controls,
        this.#table,
      ),
      ...this.#row.panels,
    );
    onThemeChange(() => this.#show());
    this.#show();
  }

  receive(message: ExperimentToPage): void {
    switch (message.type) {
      case 'hydrate':
        this.#name = message.name;
        this.#progressNow = message.progress;
        this.#takeProblem(message.problem);
        if (message.comparison !== null) this.#take(message.comparison);
        break;
      case 'comparison':
        this.#take(message.comparison);
        break;
      case 'progress':
        this.#progressNow = message.progress;
        this.#showProgress();
        return;
      case 'problem':
        this.#takeProblem(message.problem);
        return;
      case 'curves':
      case 'besideCurves':
      case 'surface':
      case 'networks':
        for (const { view } of this.#tabs) view.receive?.(message);
        return;
    }
    this.#show();
  }

  #take(comparison: Comparison): void {
    this.#comparison = comparison;
    this.#chooseTab(comparison);
    const ids = comparison.arms.map(({ id }) => id);
    this.#places = placesOf(this.#view.places, ids);
    if (this.#places.size > this.#view.places.length) {
      this.#view = { ...this.#view, places: [...this.#places] };
      this.#save(this.#view);
    }
    // After a reload the editor does not know what was chosen.
    const { baseline } = this.#view;
    if (baseline !== '' && baseline !== comparison.baseline && ids.includes(baseline)) {
      this.#post({ type: 'baseline', arm: baseline });
    }
  }

  /** Who picked single runs sees them first; an experiment has none, and its arms are compared. */
  #chooseTab({ beside }: Comparison): void {
    this.#row.offer('beside', beside !== null);
    if (beside !== null && this.#fresh) this.#view = { ...this.#view, tab: 'beside' };
    if (beside === null && this.#view.tab === 'beside') this.#view = { ...this.#view, tab: defaults.tab };
    this.#fresh = false;
  }

  #takeProblem(problem: string | null): void {
    setText(this.#problem, problem ?? '');
    this.#problem.hidden = problem === null;
  }

  #set(change: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...change };
    this.#save(this.#view);
    if (change.baseline !== undefined) this.#post({ type: 'baseline', arm: change.baseline });
    this.#show();
  }

  #show(): void {
    const comparison = this.#comparison;
    const strings = this.#strings;
    setText(this.#heading, comparison?.name === undefined || comparison.name === '' ? this.#name : comparison.name);
    setText(this.#question, comparison?.question ?? '');
    this.#question.hidden = (comparison?.question ?? null) === null;
    setText(this.#sentence, comparison === null ? strings.waiting : overallSentence(comparison, strings));
    const { dataset } = this.node;
    dataset['arms'] = String(comparison?.arms.length ?? 0);
    dataset['kind'] = comparison?.kind ?? '';
    dataset['baseline'] = comparison?.baseline ?? '';
    dataset['tab'] = this.#view.tab;
    this.#showProgress();
    this.#showRemarks();
    this.#row.show(this.#view.tab);
    for (const { id, view, controls } of this.#tabs) {
      const chosen = id === this.#view.tab;
      controls.hidden = !chosen || comparison === null;
      if (chosen) this.#table.hidden = !view.twin || comparison === null;
      view.update(comparison, chosen);
    }
  }

  #showProgress(): void {
    this.node.dataset['state'] = this.#progressNow?.mode ?? '';
    this.#progress.update(this.#progressNow);
  }

  /** What a reader must know beside: deviations, remarks, failed runs, looks at the test split. */
  #showRemarks(): void {
    const { language, remarks, failures, failureNote, failureKinds, looks } = this.#strings;
    const comparison = this.#comparison;
    const said =
      comparison === null ? [] : [...comparison.deviations, ...comparison.remarks].map((text) => text[language]);
    const look = comparison?.looks ?? null;
    if (look !== null) said.push(looks(look.count, look.declared));
    if (look?.problem) said.push(look.problem[language]);
    const failed = (comparison?.failures ?? []).map(({ arm, seed, failure, reason }) =>
      failureNote(arm, seed, reason === null ? failureKinds[failure] : reason[language]),
    );
    const shape = JSON.stringify([said, failed]);
    if (shape === this.#remarksShape) return;
    this.#remarksShape = shape;
    this.#remarks.hidden = said.length + failed.length === 0;
    const title = [
      ...(said.length > 0 ? [remarks(said.length)] : []),
      ...(failed.length > 0 ? [failures(failed.length)] : []),
    ];
    const items = [...said, ...failed].map((text) => element('li', {}, text));
    const list = element('ul', { tabindex: '0', 'aria-label': title.join(' · ') }, ...items);
    this.#remarks.replaceChildren(element('summary', {}, title.join(' · ')), list);
  }
}
