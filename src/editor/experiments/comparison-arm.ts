import * as path from 'node:path';
import * as vscode from 'vscode';
import { readPlan } from '../../experiment/plan-file.ts';
import { addArm } from '../../experiment/surface/add-arm.ts';
import type { WeightSurface } from '../../experiment/surface/contract.ts';
import { pick } from '../window/language.ts';
import { workspaceEdit } from '../window/ranges.ts';
import { nameText, showError, showInformation } from '../window/say.ts';

/**
 * Adds weights as an arm to the spec of an experiment: an edit of the document that undoes as one step and is not saved.
 *
 * @param directory of the experiment
 */
export async function addToSpec(
  directory: string,
  arm: WeightSurface['arm'],
  weights: ReadonlyMap<string, number>,
): Promise<void> {
  if (arm === null) return;
  const plan = readPlan(directory);
  const uri = vscode.Uri.file(path.resolve(directory, plan.root, plan.spec));
  const document = await vscode.workspace.openTextDocument(uri);
  const added = addArm(document.getText(), plan.text, weights, arm);
  if ('refused' in added) {
    void showError(pick(added.refused));
    return;
  }
  // The editor refuses an edit of a version that is no longer there.
  if (!(await vscode.workspace.applyEdit(workspaceEdit(document, added.edits)))) {
    void showError(vscode.l10n.t('The spec changed meanwhile; the arm was not added. Try again.'));
    return;
  }
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  const place = document.positionAt(document.getText().lastIndexOf(JSON.stringify(added.id)));
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const said = vscode.l10n.t('Added the arm {0} to the spec. Run the experiment to train it.', nameText(added.id));
  void showInformation(said);
}
