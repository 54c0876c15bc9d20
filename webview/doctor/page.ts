/** One finding a line: state, what it is about, what was found, and what can be done about it. */
import type { DoctorFinding, DoctorToHost } from '../../src/messages/protocol.ts';
import { button } from '../controls.ts';
import { element, setText } from '../dom.ts';
import type { Strings } from './strings.ts';

const signs: Readonly<Record<DoctorFinding['state'], string>> = { ok: '✓', note: 'i', problem: '✗' };

export class DoctorPage {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #post: (message: DoctorToHost) => void;
  readonly #list: HTMLElement;
  readonly #said: HTMLElement;
  readonly #copy: ReturnType<typeof button>;

  constructor(strings: Strings, post: (message: DoctorToHost) => void) {
    this.#strings = strings;
    this.#post = post;
    this.#list = element('ul', { class: 'findings', 'data-testid': 'findings' });
    this.#said = element('p', { class: 'said', role: 'status', 'data-testid': 'summary' });
    this.#copy = button({ testId: 'copy', label: strings.copy, onClick: () => post({ type: 'copy' }) });
    const again = button({ testId: 'again', label: strings.again, onClick: () => post({ type: 'again' }) });
    const log = button({
      ...{ testId: 'log', label: strings.actions.log },
      onClick: () => post({ type: 'act', action: 'log' }),
    });
    this.node = element(
      'main',
      { class: 'doctor', 'data-testid': 'doctor', 'data-state': 'looking' },
      element('h1', {}, strings.heading),
      element('div', { class: 'toolbar' }, again, this.#copy, log),
      this.#said,
      this.#list,
    );
  }

  /** Null while they are looked for: then the old ones stay, marked as old. */
  show(findings: readonly DoctorFinding[] | null): void {
    const strings = this.#strings;
    this.node.dataset['state'] = findings === null ? 'looking' : 'done';
    this.node.setAttribute('aria-busy', String(findings === null));
    this.#copy.disabled = findings === null;
    if (findings === null) {
      setText(this.#said, strings.looking);
      return;
    }
    const count = (state: DoctorFinding['state']): number => findings.filter((one) => one.state === state).length;
    setText(this.#said, strings.summary(count('problem'), count('note')));
    // A keyboard stays where it was.
    const focused = (document.activeElement as HTMLElement | null)?.dataset['testid'];
    this.#list.replaceChildren(...findings.map((one) => this.#line(one)));
    if (focused !== undefined && !this.node.contains(document.activeElement)) {
      this.#list.querySelector<HTMLElement>(`[data-testid="${focused}"]`)?.focus();
    }
  }

  #line({ state, title, detail, action }: DoctorFinding): HTMLElement {
    const strings = this.#strings;
    return element(
      'li',
      { class: 'finding', 'data-state': state },
      element('span', { class: 'sign', 'aria-hidden': 'true' }, signs[state]),
      element('span', { class: 'visually-hidden' }, strings.states[state]),
      element('div', { class: 'words' }, element('h2', {}, title), element('p', {}, detail)),
      action === null
        ? null
        : button({
            ...{ testId: `act-${action}`, label: strings.actions[action] },
            onClick: () => this.#post({ type: 'act', action }),
          }),
    );
  }
}
