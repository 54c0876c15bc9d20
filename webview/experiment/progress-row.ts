/** How far the experiment is, and what one may do about it. */
import type { Progress } from '../../src/messages/comparison.ts';
import { button, type Control } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { progressText, totalsOf } from './progress-text.ts';
import type { Strings } from './strings.ts';

export class ProgressRow {
  readonly node: HTMLElement;
  readonly #toolbar: HTMLElement;
  readonly #strings: Strings;
  readonly #buttons: Readonly<Record<'pause' | 'resume' | 'stop', Control>>;
  readonly #mode = element('span', { class: 'status', 'data-testid': 'state' });
  readonly #bar = element('progress', { 'data-testid': 'progress', max: '1', 'aria-label': '' }) as HTMLProgressElement;
  readonly #text = element('span', { class: 'muted', 'data-testid': 'progress-text' });
  readonly #held = element('div', { class: 'held', 'data-testid': 'held' });
  readonly #heldText = element('span');
  readonly #why = element('span', { class: 'muted', 'data-testid': 'why' });

  constructor(strings: Strings, ask: (wish: 'pause' | 'resume' | 'stop' | 'look') => void) {
    this.#strings = strings;
    const make = (wish: 'pause' | 'resume' | 'stop'): Control =>
      button({ testId: wish, label: strings[wish], icon: icon(wish), onClick: () => ask(wish) });
    this.#buttons = { pause: make('pause'), resume: make('resume'), stop: make('stop') };
    const { pause, resume, stop } = this.#buttons;
    this.#toolbar = element(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': strings.modes.running },
      ...[pause, resume, stop, this.#mode, this.#bar, this.#text, this.#why],
    );
    const look = button({ testId: 'look', label: strings.look, onClick: () => ask('look') });
    this.#held.append(this.#heldText, look);
    this.node = element('div', {}, this.#toolbar, this.#held);
  }

  update(progress: Progress | null): void {
    this.node.hidden = progress === null;
    if (progress === null) return;
    const { mode } = progress;
    const { modes, language } = this.#strings;
    this.#buttons.pause.disabled = mode !== 'running';
    this.#buttons.resume.disabled = mode !== 'paused' && mode !== 'idle';
    this.#buttons.stop.disabled = mode !== 'running' && mode !== 'paused';
    setText(this.#mode, modes[mode]);
    const { ended, all } = totalsOf(progress);
    this.#bar.value = all === 0 ? 0 : ended / all;
    const text = progressText(progress, this.#strings);
    setText(this.#text, text);
    this.#bar.setAttribute('aria-label', text);
    this.#toolbar.setAttribute('aria-label', modes[mode]);
    this.#held.hidden = progress.held === 0;
    setText(this.#heldText, this.#strings.held(progress.held));
    setText(this.#why, progress.why?.[language] ?? '');
  }
}
