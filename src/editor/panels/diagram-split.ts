import * as vscode from 'vscode';
import { splitIntoGroups } from '../../plan/groups/split.ts';
import type { Plan } from '../../plan/plan.ts';
import { pick } from '../window/language.ts';
import { workspaceEdit } from '../window/ranges.ts';
import { nameText, showError, showInformation } from '../window/say.ts';
import { changedLines } from './changed-lines.ts';

/**
 * Gives a task copies of its own of the blocks that its head shares with others: an edit of the spec that undoes as one step
 * and is not saved. Nothing is trained: whether it helps is for a comparison to say.
 *
 * @param plan of the document as it is; undefined where its text has errors
 */
export async function splitTrunk(document: vscode.TextDocument, plan: Plan | undefined, task: string): Promise<void> {
  if (plan === undefined || !plan.tasks.has(task)) {
    void showError(vscode.l10n.t('The spec as it is has no task "{0}" that could be parted.', nameText(task)));
    return;
  }
  const others = [...plan.tasks.keys()].filter((name) => name !== task);
  const groups = [others, [task]].map((members) => ({ members, serves: members }));
  const source = document.getText();
  const split = splitIntoGroups(source, plan, groups, { inPlace: true });
  if ('refused' in split) {
    void showError(pick(split.refused));
    return;
  }
  // The editor refuses an edit of a version that is no longer there.
  if (!(await vscode.workspace.applyEdit(workspaceEdit(document, [changedLines(source, split.text)])))) {
    void showError(vscode.l10n.t('The spec changed meanwhile; the trunk was not split. Try again.'));
    return;
  }
  void showInformation(
    vscode.l10n.t(
      '{0} has a trunk of its own now. A proposal, not a result: train it beside the old spec.',
      nameText(task),
    ),
  );
}
