import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Text } from '../../common/text.ts';
import type { Comparison } from '../../experiment/comparison/contract.ts';
import { experimentPaths } from '../../experiment/layout.ts';
import { readPlan } from '../../experiment/plan-file.ts';
import type { WeightSurface } from '../../experiment/surface/contract.ts';
import type { Progress, RunCurve } from '../../messages/comparison.ts';
import type { ExperimentToHost, ExperimentToPage, OverlayCurve, OverlaySeries } from '../../messages/protocol.ts';
import { parseExperimentToHost } from '../../messages/protocol.ts';
import { request } from '../../runs/control.ts';
import { epochCurves } from '../runs/epoch-curves.ts';
import { RunEpochs } from '../runs/run-epochs.ts';
import { languageArguments, runCli } from '../window/cli.ts';
import { Disposables } from '../window/disposables.ts';
import { locale, pick } from '../window/language.ts';
import { log, report } from '../window/log.ts';
import { nameText } from '../window/say.ts';
import { trusted } from '../window/trust.ts';
import { htmlFor } from '../window/webviews.ts';
import { addToSpec } from './comparison-arm.ts';
import { networksOf } from './comparison-networks.ts';
import type { Compared, Found } from './comparison-source.ts';
import { ComparisonThread } from './comparison-thread.ts';
import { RunCurves } from './run-curves.ts';
import { stampOf } from './stamps.ts';

/** The directory is glanced at once in so many milliseconds. */
const glanceEvery = 1000;

interface Services {
  readonly extension: vscode.Uri;
  readonly compared: Compared;
  readonly showRun: (directory: string) => Promise<void>;
}

type Wish = Extract<ExperimentToHost, { type: 'curves' }>;

/**
 * A comparison's tab. Its page is given everything when it says that it is ready, and later what has changed, as long as it is
 * in sight.
 */
export class ComparisonPanel extends Disposables {
  readonly #panel: vscode.WebviewPanel;
  readonly #extension: vscode.Uri;
  readonly #thread: ComparisonThread;
  readonly #compared: Compared;
  readonly #showRun: Services['showRun'];
  readonly #curves = new RunCurves();
  readonly #epochs = new RunEpochs();
  #ready = false;
  #baseline: string | null = null;
  #stamp = '';
  /** What was found last. */
  #comparison: Comparison | null = null;
  #surface: WeightSurface | null = null;
  #mode: Progress['mode'] | null = null;
  /** What the page has; null before it has anything. */
  #shown: { comparison: Comparison | null; problem: Text | null; progress: string } | null = null;

  constructor(panel: vscode.WebviewPanel, place: vscode.Uri, { extension, compared, showRun }: Services) {
    super();
    this.#panel = panel;
    this.#extension = extension;
    this.#compared = compared;
    this.#showRun = showRun;
    this.register(panel.webview.onDidReceiveMessage((raw: unknown) => void this.#receive(raw).catch(report)));
    this.register(
      panel.onDidChangeViewState(() => {
        // A hidden page is destroyed; when it comes back it says `ready` anew.
        if (!panel.visible) this.#ready = false;
      }),
    );
    const file = vscode.Uri.joinPath(extension, 'dist', 'comparison.cjs').fsPath;
    this.#thread = this.register(
      new ComparisonThread(file, compared, {
        onProgress: (progress) => this.#tellProgress(progress),
        onFound: (found) => this.#tell(found),
        onFailure: (detail) => this.#fail(detail),
      }),
    );
    const timer = setInterval(() => this.#glance(), glanceEvery);
    this.register({ dispose: () => clearInterval(timer) });
    panel.webview.html = htmlFor(panel.webview, extension, 'experiment', panel.title, place);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  override dispose(): void {
    super.dispose();
    this.#panel.dispose();
  }

  #post(message: ExperimentToPage): void {
    if (this.#ready && this.#panel.visible) void this.#panel.webview.postMessage(message);
  }

  #glance(): void {
    if (!this.#ready || !this.#panel.visible || !this.#thread.idle) return;
    if (stampOf(this.#compared) !== this.#stamp) this.#ask();
  }

  #ask(reveal = false): void {
    this.#stamp = stampOf(this.#compared);
    this.#thread.ask({ baseline: this.#baseline, reveal });
  }

  #fail(detail: string): void {
    log().error(detail);
    const problem = vscode.l10n.t('The comparison failed: {0}', detail.split('\n')[0] ?? '');
    if (this.#shown === null) this.#hydrate(null, problem, null);
    else this.#post({ type: 'problem', problem });
  }

  /** How far it is comes first: to compare may take longer. */
  #tellProgress(progress: Progress): void {
    this.#mode = progress.mode;
    const told = JSON.stringify(progress);
    if (this.#shown === null) this.#hydrate(null, null, progress);
    else if (told !== this.#shown.progress) this.#post({ type: 'progress', progress });
    this.#shown = { comparison: null, problem: null, ...this.#shown, progress: told };
  }

  /** Tells the page what is new. */
  #tell({ comparison, surface, problem, progress }: Found): void {
    this.#comparison = comparison;
    this.#surface = surface;
    const known = this.#shown;
    this.#shown = { comparison, problem, progress: JSON.stringify(progress) };
    if (known === null) {
      this.#hydrate(comparison, problem && pick(problem), progress);
      this.#post({ type: 'surface', surface });
      return;
    }
    if (comparison !== null && comparison !== known.comparison) {
      this.#post({ type: 'comparison', comparison });
      this.#post({ type: 'surface', surface });
    }
    if (JSON.stringify(problem) !== JSON.stringify(known.problem)) {
      this.#post({ type: 'problem', problem: problem && pick(problem) });
    }
  }

  #hydrate(comparison: Comparison | null, problem: string | null, progress: Progress | null): void {
    const name = this.#panel.title;
    this.#post({ type: 'hydrate', locale: locale(), name, comparison, progress, problem });
  }

  async #receive(raw: unknown): Promise<void> {
    const message = parseExperimentToHost(raw);
    if (!message) {
      log().warn('The comparison sent a message that fits no known type.');
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#shown = null;
        this.#ask();
        return;
      case 'baseline':
        this.#baseline = message.arm;
        this.#ask();
        return;
      case 'look':
        this.#ask(true);
        return;
      case 'pause':
      case 'stop':
        this.#control(message.type);
        return;
      case 'resume':
        await this.#resume();
        return;
      case 'curves':
        await this.#answer(message);
        return;
      case 'besideCurves':
        await this.#answerBeside(message.series);
        return;
      case 'showRun': {
        const directory = this.#directoryOf(message.run);
        if (directory !== undefined) await this.#showRun(directory);
        return;
      }
      case 'networks':
        this.#compareNetworks(message.first, message.second);
        return;
      case 'addArm':
        if ('experiment' in this.#compared)
          await addToSpec(this.#compared.experiment, this.#surface?.arm ?? null, new Map(message.weights));
        return;
      case 'error':
        log().error(`Comparison: ${message.message}`);
    }
  }

  #control(wish: 'pause' | 'stop' | 'resume'): void {
    if ('experiment' in this.#compared) request(this.#compared.experiment, wish, { by: 'editor' });
  }

  /** A paused driver is asked to go on; where there is none one is started. */
  async #resume(): Promise<void> {
    if (!('experiment' in this.#compared)) return;
    const { experiment } = this.#compared;
    if (this.#mode === 'paused') {
      this.#control('resume');
      return;
    }
    if (!(await trusted())) return;
    const plan = readPlan(experiment);
    const root = path.resolve(experiment, plan.root);
    const spec = path.resolve(root, plan.spec);
    const title = vscode.l10n.t('Starting the experiment of {0}', nameText(path.basename(spec)));
    const args = ['experiment', spec, '--dir', experiment, '--detach', '--root', root];
    const lifted = plan.allowOutside ? ['--allow-outside'] : [];
    const engine = ['--engine', plan.surroundings.engine.name];
    await runCli(this.#extension, title, [...args, ...engine, ...lifted, ...languageArguments()], path.dirname(spec));
  }

  #compareNetworks(first: string, second: string): void {
    const of = (arm: string): readonly string[] =>
      this.#comparison?.arms.find(({ id }) => id === arm)?.runs.flatMap(({ id }) => this.#directoryOf(id) ?? []) ?? [];
    const found = networksOf(of(first), of(second), locale());
    const network = 'network' in found ? found.network : null;
    this.#post({ type: 'networks', first, second, network, problem: 'problem' in found ? pick(found.problem) : null });
  }

  /** Reads the curves that the page asks for; runs that have none are named. */
  async #answer({ task, series, arms }: Wish): Promise<void> {
    const comparison = this.#comparison;
    const curves: RunCurve[] = [];
    const missing: string[] = [];
    for (const arm of comparison?.arms.filter(({ id }) => arms.includes(id)) ?? []) {
      const metric = comparison?.measures.find((measure) => measure.task === task)?.metric ?? '';
      for (const run of arm.runs) {
        // A single-task baseline learns another task with another run.
        if (run.task !== null && run.task !== task) continue;
        const directory = this.#directoryOf(run.id);
        const points = directory === undefined ? null : await this.#curves.of(directory, task, metric, series);
        if (points === null || points.x.length === 0) missing.push(run.id);
        else curves.push({ arm: arm.id, seed: run.seed, run: run.id, ...points });
      }
    }
    this.#post({ type: 'curves', task, series, arms, curves, missing });
  }

  /** Losses of every task of every run that was picked. */
  async #answerBeside(series: OverlaySeries): Promise<void> {
    const curves: OverlayCurve[] = [];
    const missing: string[] = [];
    for (const { id, seed } of this.#comparison?.beside?.runs ?? []) {
      const directory = this.#directoryOf(id);
      const own = directory === undefined ? [] : epochCurves(await this.#epochs.of(directory), series);
      if (own.length === 0) missing.push(id);
      curves.push(...own.map((curve) => ({ ...curve, choice: id, run: id, seed })));
    }
    this.#post({ type: 'besideCurves', series, curves, missing });
  }

  /** Of a run that is compared; no other one is opened for the page. */
  #directoryOf(run: string): string | undefined {
    const compared = this.#compared;
    const arms = this.#comparison?.arms ?? [];
    const beside = this.#comparison?.beside?.runs ?? [];
    if (![...arms.flatMap(({ runs }) => runs), ...beside].some(({ id }) => id === run)) return undefined;
    if ('experiment' in compared) return path.join(experimentPaths(compared.experiment).runs, run);
    return compared.runs.find((directory) => path.basename(directory) === run);
  }
}
