import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { defaultDirectory, experimentPaths, isExperiment } from '../../experiment/layout.ts';
import { driverOf } from '../../experiment/lock.ts';
import { readPlan, type PlanRecord } from '../../experiment/plan-file.ts';
import { readText } from '../../files/plain.ts';
import { nameOf } from '../../runs/name.ts';
import { lineColumn, readSpec, type Spec } from '../../spec/index.ts';
import { visible } from '../../spec/telling/visible.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { isSpec } from '../window/arguments.ts';
import { askCli, languageArguments, lastWords } from '../window/cli.ts';
import { Disposables } from '../window/disposables.ts';
import { pick } from '../window/language.ts';
import { log, messageOf } from '../window/log.ts';
import {
  claimsTheSame,
  declaredIn,
  hypothesisLabel,
  judge,
  nothingRun,
  readVerifyAnswer,
  type DeclaredHypothesis,
  type JudgedHypothesis,
  type VerifyAnswer,
} from './hypothesis-text.ts';
import { runExperiment, type ExperimentFeatures } from './run-experiment.ts';
import { fileStamp } from './stamps.ts';

/** A spec that has hypotheses, as a test with one below for each. */
interface Entry {
  readonly item: vscode.TestItem;
  readonly file: string;
  /** Where its experiment lies, or would. */
  directory: string;
  /** Changes when its plan or its ledger does. */
  stamp: string | undefined;
  /** By the ids of the tests below. */
  declared: ReadonlyMap<string, DeclaredHypothesis>;
}

type Wanted = readonly (readonly [entry: Entry, items: readonly vscode.TestItem[]])[];

const plans = '**/.mtl/experiments/*/plan.json';
const mostPlans = 200;
/** The largest spec that is read. */
const specLimit = 16 * 2 ** 20;
const betweenLooks = 2000;

/**
 * Hypotheses in the Testing view: those of open specs, and of specs that have an experiment beside them. The usual profile
 * reads what an experiment has come to, and nothing does so unasked, since every look at the test split is counted; training
 * is another profile, which asks. In Restricted Mode, and in an editor that has no Testing view, there is nothing of it.
 */
export class HypothesisTests extends Disposables {
  readonly #extension: vscode.Uri;
  readonly #features: ExperimentFeatures;
  readonly #entries = new Map<string, Entry>();
  #controller: vscode.TestController | undefined;

  constructor(extension: vscode.Uri, features: ExperimentFeatures) {
    super();
    this.#extension = extension;
    this.#features = features;
    if (!('tests' in vscode)) return;
    if (vscode.workspace.isTrusted) this.#begin();
    else this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#begin()));
  }

  #begin(): void {
    const { documents } = this.#features;
    this.register(documents.onDidAnalyze((document) => this.#take(document)));
    this.register(documents.onDidClose(({ uri }) => this.#leave(uri)));
    // No event tells of these files: VS Code is asked not to watch them.
    const timer = setInterval(() => this.look(), betweenLooks);
    this.register({ dispose: () => clearInterval(timer) });
    for (const document of documents.open) this.#take(document);
    this.#scan().catch((error: unknown) => log().warn(messageOf(error)));
  }

  /** Made with the first hypothesis: who has none sees no empty Testing view. */
  #control(): vscode.TestController {
    if (this.#controller !== undefined) return this.#controller;
    const controller = this.register(
      vscode.tests.createTestController('mtl', vscode.l10n.t('Hypotheses of experiments')),
    );
    this.#controller = controller;
    controller.refreshHandler = () => this.#scan();
    const { Run } = vscode.TestRunProfileKind;
    controller.createRunProfile(
      vscode.l10n.t('Verify'),
      Run,
      (request, token) => this.#run(request, (run, wanted) => this.#verify(run, wanted, token)),
      true,
    );
    controller.createRunProfile(
      vscode.l10n.t('Run experiment, then verify'),
      Run,
      (request, token) => this.#run(request, (run, wanted) => this.#train(run, wanted, token)),
      false,
    );
    return controller;
  }

  #take(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file') return;
    const { spec } = this.#features.documents.get(document).reading;
    // While it is being typed, what stood there last stays.
    if (spec !== undefined) this.#show(document.uri, document.getText(), spec);
  }

  /** What is on the disk is what counts of a spec that is closed. */
  #leave(uri: vscode.Uri): void {
    const entry = this.#entries.get(uri.toString());
    if (entry === undefined) return;
    this.#drop(uri);
    this.#find(entry.directory);
  }

  async #scan(): Promise<void> {
    const found = await vscode.workspace.findFiles(plans, '**/node_modules/**', mostPlans);
    if (found.length === mostPlans) log().info(`Only ${String(mostPlans)} experiments were looked at for hypotheses.`);
    for (const { fsPath } of found) if (!this.disposed) this.#find(path.dirname(fsPath));
  }

  /** The closed spec beside an experiment. */
  #find(directory: string): void {
    try {
      if (!isExperiment(directory)) return;
      const file = specOf(directory, readPlan(directory));
      const uri = vscode.Uri.file(file);
      if (!isSpec(uri) || this.#features.documents.open.some((one) => one.uri.fsPath === file)) return;
      const content = readText(file, specLimit);
      const { spec } = content === null ? {} : readSpec(content);
      if (content !== null && spec !== undefined && directoryOf(file, spec) === directory)
        this.#show(uri, content, spec);
    } catch (error) {
      // A damaged experiment says so when somebody asks it something.
      log().info(messageOf(error));
    }
  }

  #show(uri: vscode.Uri, source: string, spec: Spec): void {
    const all = declaredIn(source, spec);
    if (all.length === 0) {
      this.#drop(uri);
      return;
    }
    const controller = this.#control();
    const entry = this.#entries.get(uri.toString()) ?? this.#entryOf(controller, uri);
    entry.directory = directoryOf(uri.fsPath, spec);
    entry.stamp ??= stampOf(entry.directory);
    const before = entry.declared;
    const places = lineColumn(source);
    const items = all.map((declared) => {
      const known = entry.item.children.get(declared.key);
      const item = known ?? controller.createTestItem(declared.key, '', uri);
      item.label = plainLabel(pick(hypothesisLabel(declared)));
      const [start, end] = [places.positionOf(declared.range.start), places.positionOf(declared.range.end)];
      item.range = new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
      const former = before.get(declared.key);
      if (former !== undefined && !claimsTheSame(former, declared)) this.#forget(controller, item);
      return item;
    });
    entry.declared = new Map(all.map((declared) => [declared.key, declared]));
    entry.item.children.replace(items);
  }

  #entryOf(controller: vscode.TestController, uri: vscode.Uri): Entry {
    const item = controller.createTestItem(uri.toString(), plainLabel(vscode.workspace.asRelativePath(uri)), uri);
    const entry: Entry = { item, file: uri.fsPath, directory: '', stamp: undefined, declared: new Map() };
    controller.items.add(item);
    this.#entries.set(item.id, entry);
    return entry;
  }

  #drop(uri: vscode.Uri): void {
    this.#entries.delete(uri.toString());
    this.#controller?.items.delete(uri.toString());
  }

  /** Where other runs have ended, what was read before is no longer what there is. A glance at two files an experiment. */
  look(): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    for (const entry of this.#entries.values()) {
      const stamp = stampOf(entry.directory);
      if (stamp === entry.stamp) continue;
      entry.stamp = stamp;
      for (const [, one] of entry.item.children) this.#forget(controller, one);
    }
  }

  #forget(controller: vscode.TestController, item: vscode.TestItem): void {
    if ((item.description ?? '') === '') return;
    item.description = '';
    controller.invalidateTestResults(item);
  }

  async #run(
    request: vscode.TestRunRequest,
    work: (run: vscode.TestRun, wanted: Wanted) => Promise<void>,
  ): Promise<void> {
    const run = this.#control().createTestRun(request);
    try {
      await work(run, this.#wanted(request));
    } finally {
      run.end();
    }
  }

  #wanted({ include, exclude = [] }: vscode.TestRunRequest): Wanted {
    const isWanted = (item: vscode.TestItem): boolean => include?.includes(item) ?? true;
    return [...this.#entries.values()].flatMap((entry) => {
      if (exclude.includes(entry.item)) return [];
      const all = [...entry.item.children].map(([, item]) => item);
      const items = all.filter((item) => (isWanted(entry.item) || isWanted(item)) && !exclude.includes(item));
      return items.length > 0 ? [[entry, items] as const] : [];
    });
  }

  async #verify(run: vscode.TestRun, wanted: Wanted, token: vscode.CancellationToken): Promise<void> {
    for (const [entry, items] of wanted) {
      if (token.isCancellationRequested) return;
      for (const item of items) run.started(item);
      try {
        const answer = isExperiment(entry.directory) ? await this.#ask(entry, token) : null;
        if (answer?.looks) run.appendOutput(lines(`⚠ ${pick(answer.looks)}`));
        for (const item of items) tell(run, entry, item, answer);
      } catch (error) {
        if (error instanceof vscode.CancellationError) return;
        for (const item of items) run.errored(item, new vscode.TestMessage(visible(messageOf(error))));
      }
    }
  }

  /** @throws Error with the words of `mtl verify` */
  async #ask({ directory, file }: Entry, token: vscode.CancellationToken): Promise<VerifyAnswer> {
    if (specOf(directory, readPlan(directory)) !== file) {
      throw new Error(vscode.l10n.t('{0} holds the experiment of another spec with the same name.', directory));
    }
    const args = ['verify', directory, '--json', ...languageArguments()];
    const { stdout, complaints, code } = await askCli(this.#extension, args, path.dirname(file), token);
    const answer = readVerifyAnswer(stdout);
    if (answer !== null) return answer;
    throw new Error(lastWords(complaints) ?? vscode.l10n.t('The command ended with code {0}.', String(code)));
  }

  /** All questions come first, so that nobody is asked one hours later. */
  async #train(run: vscode.TestRun, wanted: Wanted, token: vscode.CancellationToken): Promise<void> {
    const begun: (readonly [directory: string, one: Wanted[number]])[] = [];
    for (const one of wanted) {
      const [entry, items] = one;
      const directory = await runExperiment(this.#extension, this.#features, entry.item.uri);
      if (directory !== undefined) begun.push([directory, one]);
      for (const item of items) {
        if (directory === undefined) run.skipped(item);
        else run.enqueued(item);
      }
    }
    for (const [directory, one] of begun) {
      await untilEnded(directory, token);
      if (token.isCancellationRequested) {
        run.appendOutput(lines(vscode.l10n.t('Nobody waits any more; the experiment itself goes on: {0}.', directory)));
        continue;
      }
      await this.#verify(run, [one], token);
    }
  }
}

const stampOf = (directory: string): string => {
  const { plan, ledger } = experimentPaths(directory);
  return `${fileStamp(plan)} ${fileStamp(ledger)}`;
};

/** The file that an experiment was begun with. */
const specOf = (directory: string, { root, spec }: PlanRecord): string => path.resolve(directory, root, spec);

/** Where `mtl experiment` puts the experiment of a spec. */
const directoryOf = (file: string, { name }: Spec): string => defaultDirectory(file, nameOf(name, file));

/** The editor shows output as a terminal does. */
const lines = (said: string): string => `${said.replace(/\r?\n/g, '\r\n')}\r\n`;

/** @param answer null where no experiment has been run */
function tell(run: vscode.TestRun, { declared }: Entry, item: vscode.TestItem, answer: VerifyAnswer | null): void {
  const hypothesis = declared.get(item.id);
  if (hypothesis === undefined) return;
  const judged: JudgedHypothesis = answer === null ? nothingRun : judge(hypothesis, answer.hypotheses);
  const said = pick(judged.message);
  // A skipped test has no message of its own: what is undecided says why beside its name.
  item.description = plainLabel(said);
  const at = item.uri && item.range ? new vscode.Location(item.uri, item.range) : undefined;
  run.appendOutput(lines(`${pick(hypothesisLabel(hypothesis))}\n    ${said}`), at, item);
  if (judged.state === 'failed') run.failed(item, new vscode.TestMessage(said));
  else run[judged.state](item);
}

/** Until no driver works on the experiment, or nobody waits any more. */
async function untilEnded(directory: string, token: vscode.CancellationToken): Promise<void> {
  while (!token.isCancellationRequested && driverOf(directory) !== null) await pause(betweenLooks);
}
