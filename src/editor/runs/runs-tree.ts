import * as path from 'node:path';
import * as vscode from 'vscode';
import { isRun } from '../../runs/layout.ts';
import { liveHolder } from '../../runs/lock.ts';
import { visible } from '../../spec/telling/visible.ts';
import { experimentsOf } from '../experiments/experiments-of.ts';
import type { BelowExperiment, ExperimentNode } from '../experiments/experiment-nodes.ts';
import type { ExperimentTree } from '../experiments/experiment-tree.ts';
import { Disposables, Throttled } from '../window/disposables.ts';
import { views, type CommandId } from '../window/ids.ts';
import { report } from '../window/log.ts';
import { pick } from '../window/language.ts';
import { fitsFilter } from '../../runs/run-filter.ts';
import type { RunEntry, RunStore } from './run-store.ts';
import { isLive } from '../../common/run-state.ts';
import { loadMetricNames, metricName } from './metric-names.ts';
import { metricLabel, stateIcons, stateText, type MetricLine } from './run-text.ts';
import { nameText } from '../window/say.ts';

export interface SpecNode {
  readonly kind: 'spec';
  readonly title: string;
  readonly specFile: string | undefined;
  readonly runs: readonly RunEntry[];
}
export interface RunNode {
  readonly kind: 'run';
  readonly entry: RunEntry;
  /** The newest of its spec: drawn open. */
  readonly newest: boolean;
}
export interface MetricNode {
  readonly kind: 'metric';
  readonly run: RunEntry;
  readonly line: MetricLine;
}
export type TreeNode = SpecNode | ExperimentNode | RunNode | MetricNode | BelowExperiment;

/** The directory of the run behind a tree node, a command's argument or nothing. */
export function directoryOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('kind' in argument)) return undefined;
  const node = argument as TreeNode;
  if (node.kind === 'run') return node.entry.directory;
  // A run that has not been started has nothing to be shown.
  if (node.kind === 'planned') return isRun(node.entry.directory) ? node.entry.directory : undefined;
  return node.kind === 'metric' ? node.run.directory : undefined;
}

/** Milliseconds between two looks at experiments that were unfolded. */
const lookEvery = 2000;

/**
 * Runs grouped by spec, newest first, each with the primary metric of every task; experiments with their arms, and those
 * with their runs, which are read when they are unfolded.
 */
export class RunsTree extends Disposables implements vscode.TreeDataProvider<TreeNode> {
  readonly #changed = this.register(new vscode.EventEmitter<TreeNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;

  readonly #store: RunStore;
  readonly #view: vscode.TreeView<TreeNode>;
  #tree: Promise<ExperimentTree> | undefined;
  #filter = '';

  constructor(store: RunStore) {
    super();
    this.#store = store;
    const view = this.register(
      vscode.window.createTreeView<TreeNode>(views.runs, {
        ...{ treeDataProvider: this, showCollapseAll: true },
        // Several runs are compared.
        canSelectMany: true,
      }),
    );
    this.#view = view;
    this.register(
      view.onDidChangeSelection(({ selection }) => {
        // Several are picked to be compared: what the panel shows stays.
        const directory = selection.length === 1 ? directoryOf(selection[0]) : undefined;
        if (directory !== undefined) this.#store.show(directory);
      }),
    );
    const refresh = this.register(new Throttled(1000, () => this.#changed.fire(undefined)));
    this.register(store.onDidChangeRuns(() => refresh.call()));
    this.register(store.onDidChangeState(() => refresh.call()));
    this.register(store.onDidAppend(({ records }) => records.some((r) => r.kind !== 'step') && refresh.call()));
    loadMetricNames().then(() => refresh.call(), report);
    // No event tells of these files: VS Code is asked not to watch them.
    const look = setInterval(() => {
      if (view.visible) this.#changedBelow().then((changed) => changed && refresh.call(), report);
    }, lookEvery);
    this.register({ dispose: () => clearInterval(look) });
  }

  /** Asks for words; the tree follows what is typed. Leaving the box keeps what the tree showed before. */
  async askForFilter(given?: unknown): Promise<void> {
    if (typeof given === 'string') {
      this.#show(given);
      return;
    }
    const before = this.#filter;
    const box = vscode.window.createInputBox();
    box.prompt = vscode.l10n.t('Words of name, note, spec, strategy or state; nothing shows all runs');
    box.value = before;
    const accepted = await new Promise<boolean>((resolve) => {
      box.onDidChangeValue((text) => this.#show(text));
      box.onDidAccept(() => resolve(true));
      box.onDidHide(() => resolve(false));
      box.show();
    });
    if (!accepted) this.#show(before);
    box.dispose();
  }

  #show(filter: string): void {
    this.#filter = filter.trim();
    this.#tellFilter();
    this.#changed.fire(undefined);
  }

  /** What is hidden is said. */
  #tellFilter(): void {
    const { entries } = this.#store;
    const shown = entries.filter((entry) => this.#fits(entry)).length;
    this.#view.message =
      this.#filter === '' ? '' : vscode.l10n.t('Filter "{0}": {1} of {2} runs', this.#filter, shown, entries.length);
  }

  #fits(entry: RunEntry): boolean {
    return this.#filter === '' || fitsFilter({ ...entry, spec: entry.specFile ?? '' }, this.#filter);
  }

  async #changedBelow(): Promise<boolean> {
    return (await this.#tree)?.changed() ?? false;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.#groups();
    switch (node.kind) {
      case 'spec':
      case 'run':
      case 'metric':
        return this.#below(node);
      default:
        return (await this.#experiments()).children(node);
    }
  }

  /** The language of experiments is loaded with the first one that is unfolded. */
  #experiments(): Promise<ExperimentTree> {
    this.#tree ??= import('../experiments/experiment-tree.ts').then(({ ExperimentTree: Tree }) => new Tree());
    return this.#tree;
  }

  #below(node: SpecNode | RunNode | MetricNode): TreeNode[] {
    if (node.kind === 'spec') {
      const experiments = node.specFile === undefined ? [] : experimentsOf(node.specFile);
      const newest = Math.max(...node.runs.map(({ created }) => created));
      const runs = node.runs.map((entry): RunNode => ({ kind: 'run', entry, newest: entry.created === newest }));
      return [...experiments.map((directory): ExperimentNode => ({ kind: 'experiment', directory })), ...runs];
    }
    if (node.kind !== 'run') return [];
    return node.entry.lines.map((line): MetricNode => ({ kind: 'metric', run: node.entry, line }));
  }

  #groups(): SpecNode[] {
    const groups = new Map<string, RunEntry[]>();
    if (this.#filter !== '') this.#tellFilter();
    for (const entry of this.#store.entries.filter((one) => this.#fits(one))) {
      const key = entry.specFile ?? path.dirname(entry.directory);
      const group = groups.get(key);
      if (group) group.push(entry);
      else groups.set(key, [entry]);
    }
    const all = this.#filter === '' ? this.#store.specs : [];
    for (const file of all) if (!groups.has(file) && experimentsOf(file).length > 0) groups.set(file, []);
    return [...groups].map(([key, runs]): SpecNode => ({
      kind: 'spec',
      title: vscode.workspace.asRelativePath(key),
      specFile: runs[0]?.specFile ?? (this.#store.specs.has(key) ? key : undefined),
      runs: runs.toSorted((a, b) => Number(b.notes.pinned) - Number(a.notes.pinned) || b.created - a.created),
    }));
  }

  /** What is told of a run is read when the pointer rests on it. */
  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    if (node.kind !== 'run') return item;
    const { entry } = node;
    const { hoverLines } = await import('./run-hover.ts');
    const earlier = ({ specFile, created }: RunEntry): boolean =>
      specFile !== undefined && specFile === entry.specFile && created < entry.created;
    const previous = this.#store.entries.filter(earlier).toSorted((a, b) => b.created - a.created)[0];
    item.tooltip = visible(hoverLines(entry, previous, { t: vscode.l10n.t, pick, metric: metricName }).join('\n'));
    return item;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem | Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'spec':
        return specItem(node);
      case 'experiment':
        return experimentItem(node);
      case 'run':
        return runItem(node);
      case 'metric':
        return metricItem(node);
      default:
        return this.#experiments().then((tree) => tree.item(node));
    }
  }
}

function specItem(node: SpecNode): vscode.TreeItem {
  const item = new vscode.TreeItem(nameText(node.title), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `spec:${node.specFile ?? node.title}`;
  item.contextValue = 'mtl.spec';
  item.iconPath = new vscode.ThemeIcon('file-code');
  return item;
}

function experimentItem({ directory }: ExperimentNode): vscode.TreeItem {
  const name = nameText(path.basename(directory));
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  const live = liveHolder(directory) !== null;
  item.id = `experiment:${directory}`;
  item.description = live ? vscode.l10n.t('experiment, running') : vscode.l10n.t('experiment');
  item.contextValue = 'mtl.experiment';
  item.iconPath = new vscode.ThemeIcon(live ? 'sync~spin' : 'beaker');
  item.accessibilityInformation = { label: `${name}, ${item.description}` };
  const command: CommandId = 'mtl.compareRuns';
  item.command = { command, title: vscode.l10n.t('Compare'), arguments: [directory] };
  return item;
}

function runItem({ entry, newest }: RunNode): vscode.TreeItem {
  const open = newest || isLive(entry.state);
  const collapsed = open ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const folding = entry.lines.length > 0 ? collapsed : vscode.TreeItemCollapsibleState.None;
  const name = nameText(entry.name);
  const item = new vscode.TreeItem(name, folding);
  item.id = `run:${entry.directory}`;
  const when = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
  const pinned = entry.notes.pinned ? [vscode.l10n.t('reference')] : [];
  const note = entry.notes.note === null ? [] : [nameText(entry.notes.note.split('\n')[0] ?? '')];
  const state = stateText(vscode.l10n.t, entry.state);
  item.description = [...pinned, state, when.format(entry.created), ...note].join(' · ');
  item.contextValue = `mtl.run.${entry.state}`;
  const icon = entry.notes.pinned ? 'pinned' : stateIcons[entry.state];
  item.iconPath = new vscode.ThemeIcon(icon, iconColor(entry));
  const command: CommandId = 'mtl.internal.showRun';
  item.command = { command, title: vscode.l10n.t('Losses'), arguments: [entry.directory] };
  // Without it the tooltip is what a screen reader says.
  item.accessibilityInformation = { label: `${name}, ${item.description}` };
  return item;
}

function iconColor({ state }: RunEntry): vscode.ThemeColor | undefined {
  if (state === 'completed') return new vscode.ThemeColor('testing.iconPassed');
  if (state === 'failed') return new vscode.ThemeColor('testing.iconFailed');
  return state === 'crashed' ? new vscode.ThemeColor('list.warningForeground') : undefined;
}

function metricItem({ run, line }: MetricNode): vscode.TreeItem {
  const item = new vscode.TreeItem(nameText(metricLabel(line, metricName)), vscode.TreeItemCollapsibleState.None);
  item.id = `metric:${run.directory}:${line.task}`;
  item.contextValue = 'mtl.metric';
  item.iconPath = new vscode.ThemeIcon('graph');
  const command: CommandId = 'mtl.internal.showRun';
  item.command = { command, title: vscode.l10n.t('Losses'), arguments: [run.directory] };
  return item;
}
