/** The panel's one toolbar: what can be done with the run, how far it is, and what it runs on. */
import type { LossHistory } from '../../src/messages/history.ts';
import { durationText } from '../../src/common/duration.ts';
import { sizeText } from '../../src/common/size.ts';
import { phaseText } from '../../src/common/phase.ts';
import type { RunState } from '../../src/common/run-state.ts';
import type { LossesToHost, RunSummary } from '../../src/messages/protocol.ts';
import { button, type Control } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { engineChip, engineText, restOf } from './engine.ts';
import type { Strings } from './strings.ts';

type Buttons = Readonly<Record<'stop' | 'pause' | 'resume' | 'openLog' | 'export', Control>>;

/** Toolbar messages, all about one run. */
export type RunCommand = 'stop' | 'pause' | 'resume' | 'resumeFromCheckpoint' | 'openLog';

export class RunBar {
  readonly node: HTMLElement;
  readonly #strings: Strings;
  readonly #buttons: Buttons;
  readonly #status = element('span', { class: 'status', 'data-testid': 'state' });
  readonly #progress = element('progress', { 'data-testid': 'progress', max: '1' }) as HTMLProgressElement;
  readonly #epochs = element('span', { class: 'muted progress-text', 'data-testid': 'progress-text' });
  readonly #eta = element('span', { class: 'muted', 'data-testid': 'eta' });
  readonly #rate = element('span', { class: 'muted rate', 'data-testid': 'rate' });
  readonly #memory = element('span', { class: 'muted memory', 'data-testid': 'memory' });
  /** Takes the focus, so that its rest can be read without a mouse. */
  readonly #engine = element('span', { class: 'chip', 'data-testid': 'engine', tabindex: '0' });
  #run: RunSummary | null = null;

  /** @param picture opens what saves the chart as a picture */
  constructor(strings: Strings, post: (message: LossesToHost) => void, save: () => void, picture: HTMLElement) {
    this.#strings = strings;
    const command = (type: RunCommand) => () => {
      if (this.#run) post({ type, run: this.#run.id });
    };
    const { stop, pause, resume, openLog, exportCsv } = strings;
    this.#buttons = {
      pause: button({ testId: 'pause', label: pause, icon: icon('pause'), onClick: command('pause') }),
      // One way on for a person: a paused run goes on, an ended one starts again from its checkpoint.
      resume: button({
        testId: 'resume',
        label: resume,
        icon: icon('resume'),
        onClick: () => command(this.#run?.state === 'paused' ? 'resume' : 'resumeFromCheckpoint')(),
      }),
      stop: button({ testId: 'stop', label: stop, icon: icon('stop'), onClick: command('stop') }),
      openLog: button({ testId: 'open-log', label: openLog, icon: icon('log'), onClick: command('openLog') }),
      export: button({ testId: 'export', label: exportCsv, icon: icon('export'), onClick: save }),
    };
    const controls = [this.#buttons.pause, this.#buttons.resume, this.#buttons.stop, this.#buttons.openLog, this.#buttons.export, picture]; // prettier-ignore
    const told = [this.#status, this.#progress, this.#epochs, this.#eta, this.#rate, this.#memory];
    const attributes = { class: 'toolbar run-bar', role: 'toolbar', 'aria-label': strings.toolbar };
    this.node = element('div', attributes, ...controls, ...told, element('span', { class: 'spring' }), this.#engine);
  }

  /**
   * @param exportable whether what is shown has anything to save
   * @param read how much of the run's history has been read, 0…1
   */
  update(
    run: RunSummary | null,
    history: LossHistory | null,
    { exportable, read }: { readonly exportable: boolean; readonly read: number },
  ): void {
    this.#run = run;
    const state = run?.state ?? 'idle';
    this.#showButtons(state, exportable);
    const { states, language, reading } = this.#strings;
    const known = read < 1 ? reading(Math.floor(100 * read)) : states[state];
    setText(this.#status, run ? `${run.name} · ${known}` : '');
    this.#status.title = run?.name ?? '';
    this.#showEngine(history);
    this.#progress.hidden = run === null;
    this.#showProgress(history);
    const seconds = state === 'running' ? (history?.remainingSeconds() ?? null) : null;
    this.#tell(this.#eta, seconds === null ? '' : this.#strings.remaining(durationText(seconds)[language]));
    const rate = state === 'running' ? (history?.stepsPerSecond ?? NaN) : NaN;
    this.#tell(this.#rate, Number.isFinite(rate) ? `${rateText(rate)} ${this.#strings.stepsPerSecond}` : '');
    const bytes = history?.residentBytes ?? NaN;
    this.#tell(this.#memory, Number.isFinite(bytes) ? sizeText(bytes) : '');
    this.#memory.title = this.#strings.memory;
  }

  #showEngine(history: LossHistory | null): void {
    const engine = history?.start?.engine;
    this.#engine.hidden = engine === undefined;
    if (engine === undefined) return;
    const said = engineText(this.#strings, engine);
    if (this.#engine.title === said) return;
    this.#engine.title = said;
    // What cannot be hovered over reads the whole.
    const rest = restOf(this.#strings, engine).map((part) => ` · ${part}`);
    this.#engine.replaceChildren(engineChip(engine), element('span', { class: 'visually-hidden' }, ...rest));
  }

  #showButtons(state: RunState, exportable: boolean): void {
    const alive = state === 'running' || state === 'paused' || state === 'preparing';
    const { pause, resume, stop, openLog, export: save } = this.#buttons;
    const resumable = state === 'paused' || state === 'stopped' || state === 'crashed' || state === 'failed';
    resume.hidden = !resumable;
    const label = state === 'paused' ? this.#strings.resume : this.#strings.resumeFromCheckpoint;
    resume.title = label;
    resume.setAttribute('aria-label', label);
    pause.hidden = resumable;
    pause.disabled = state !== 'running';
    stop.disabled = !alive;
    openLog.disabled = state === 'idle';
    save.disabled = !exportable;
  }

  #showProgress(history: LossHistory | null): void {
    const { start = null, progress = null } = history ?? {};
    if (history === null || start === null) {
      const done = progress && progress.total > 0 ? progress.done / progress.total : 0;
      this.#progress.value = done;
      const phase = progress === null ? '' : phaseText(progress.phase)[this.#strings.language];
      this.#tell(this.#epochs, progress === null ? '' : this.#strings.preparing(phase, Math.round(done * 100)));
      return;
    }
    const steps = start.stepsPerEpoch * start.epochs;
    this.#progress.value = steps > 0 ? Math.min(1, Math.max(0, history.steps.step.last() || 0) / steps) : 0;
    this.#tell(this.#epochs, this.#strings.progress(history.epochs.length, start.epochs));
  }

  #tell(node: HTMLElement, text: string): void {
    node.hidden = text === '';
    setText(node, text);
  }
}

/** Three figures: more of them would only flicker. */
function rateText(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(3);
}
