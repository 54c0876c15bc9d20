import * as vscode from 'vscode';
import { visible } from '../../spec/telling/visible.ts';
import { metricName } from '../runs/metric-names.ts';
import { metricLabel } from '../runs/run-text.ts';
import { pick } from '../window/language.ts';
import { nameText } from '../window/say.ts';
import type { ArmNode, BelowExperiment, ExperimentNode, NoteNode, PartNode, PlannedNode } from './experiment-nodes.ts';
import { ExperimentRuns, type PlannedEntry } from './experiment-runs.ts';
import { countsText, plannedIcons, plannedText, seedText } from './experiment-text.ts';
import { stampOf } from './stamps.ts';

/** Runs that are listed, and then read, at once. */
const mostAtOnce = 100;

/** The list of runs below experiments: arms, and below those their runs. Loaded when an experiment is unfolded. */
export class ExperimentTree {
  readonly #known = new Map<string, { readonly runs: ExperimentRuns; stamp: string }>();

  children(node: ExperimentNode | BelowExperiment): BelowExperiment[] {
    switch (node.kind) {
      case 'experiment':
        return this.#arms(node.directory);
      case 'arm':
        return parts(node);
      case 'part':
        return node.runs.map((entry) => planned(node.experiment, entry));
      case 'planned':
      case 'note':
        return [];
    }
  }

  item(node: BelowExperiment): vscode.TreeItem {
    switch (node.kind) {
      case 'arm':
        return armItem(node);
      case 'part':
        return partItem(node);
      case 'planned':
        return this.#plannedItem(node);
      case 'note':
        return noteItem(node);
    }
  }

  /** Whether something of an experiment that was unfolded is no longer as it was listed. A glance at three files each. */
  changed(): boolean {
    return [...this.#known].some(([experiment, { stamp }]) => stampOf({ experiment }) !== stamp);
  }

  #arms(directory: string): BelowExperiment[] {
    const known = this.#known.get(directory) ?? { runs: new ExperimentRuns(directory), stamp: '' };
    this.#known.set(directory, known);
    // Before it is read: what is written meanwhile is seen at the next look.
    known.stamp = stampOf({ experiment: directory });
    const { arms, later, problem } = known.runs.listing();
    if (problem !== null) return [{ kind: 'note', experiment: directory, note: { problem } }];
    const nodes = arms.map((entry): ArmNode => ({ kind: 'arm', experiment: directory, entry }));
    return [...nodes, ...(later > 0 ? [{ kind: 'note' as const, experiment: directory, note: { later } }] : [])];
  }

  #plannedItem({ experiment, entry }: PlannedNode): vscode.TreeItem {
    const { state, lines } = this.#known.get(experiment)?.runs.facts(entry) ?? { state: entry.state, lines: [] };
    const name = nameText(seedText(vscode.l10n.t, entry));
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
    item.id = `planned:${experiment}:${entry.id}`;
    const words = [plannedText(vscode.l10n.t, state), ...lines.map((line) => nameText(metricLabel(line, metricName)))];
    item.description = words.join(' · ');
    item.contextValue = `mtl.planned.${state}`;
    item.iconPath = new vscode.ThemeIcon(plannedIcons[state]);
    const more = [
      entry.id,
      entry.former ? vscode.l10n.t('Asked for before the plan was changed.') : '',
      entry.reason === null ? '' : pick(entry.reason),
      lines.length > 0 ? vscode.l10n.t('On the validation split; the comparison shows the test split.') : '',
    ];
    item.tooltip = visible(more.filter((line) => line !== '').join('\n'));
    item.accessibilityInformation = { label: `${name}, ${item.description}` };
    return item;
  }
}

const planned = (experiment: string, entry: PlannedEntry): PlannedNode => ({ kind: 'planned', experiment, entry });

/** All runs of a small arm, a row for every hundred of a large one. */
function parts({ experiment, entry: { arm, runs } }: ArmNode): BelowExperiment[] {
  if (runs.length <= mostAtOnce) return runs.map((entry) => planned(experiment, entry));
  return Array.from({ length: Math.ceil(runs.length / mostAtOnce) }, (_, at): PartNode => {
    const from = at * mostAtOnce;
    return { kind: 'part', experiment, arm, from, runs: runs.slice(from, from + mostAtOnce) };
  });
}

function armItem({ experiment, entry }: ArmNode): vscode.TreeItem {
  const name = nameText(entry.arm);
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `arm:${experiment}:${entry.arm}`;
  item.description = countsText(vscode.l10n.t, entry);
  item.contextValue = 'mtl.arm';
  item.iconPath = new vscode.ThemeIcon(entry.running > 0 ? 'sync~spin' : 'layers');
  item.accessibilityInformation = { label: `${name}, ${item.description}` };
  return item;
}

function partItem({ experiment, arm, from, runs }: PartNode): vscode.TreeItem {
  const label = vscode.l10n.t('runs {0} to {1}', from + 1, from + runs.length);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `part:${experiment}:${String(from)}:${arm}`;
  item.contextValue = 'mtl.part';
  return item;
}

function noteItem({ experiment, note }: NoteNode): vscode.TreeItem {
  const problem = 'problem' in note;
  const label = problem
    ? nameText(pick(note.problem))
    : vscode.l10n.t('up to {0} more runs, chosen by what earlier ones come to', note.later);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `note:${experiment}`;
  item.contextValue = 'mtl.note';
  item.iconPath = new vscode.ThemeIcon(problem ? 'warning' : 'ellipsis');
  return item;
}
