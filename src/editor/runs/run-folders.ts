import { createHash } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { latestAttempt } from '../../runs/attempts.ts';
import { readRunRecord, specFileOf as frozenSpecFile } from '../../runs/frozen.ts';
import { makeRunsFolder, runsFolder } from '../../runs/layout.ts';
import { RunError } from '../../runs/error.ts';
import { leadingOut } from '../../files/links.ts';
import { refuseLeadingOut } from '../../runs/links.ts';
import { setting } from '../window/config.ts';
import { log, messageOf } from '../window/log.ts';
import { showWarning } from '../window/say.ts';

/** Where runs of a spec lie: beside it, where the setting says, or in our own storage when neither can be written. */
export class RunFolders {
  #said = false;

  readonly #storage: vscode.Uri;

  constructor(storage: vscode.Uri) {
    this.#storage = storage;
  }

  /** Every folder that may hold runs of this spec, the one for new runs first. */
  of(specFile: string): readonly string[] {
    const chosen = this.#chosen(specFile);
    const beside = runsFolder(specFile);
    // A `.mtl` that leads out of the project is a stranger's word on where our files lie.
    const leadsOut = leadingOut(beside, homesOf(specFile)) !== null;
    return [...(chosen === undefined ? [] : [chosen]), ...(leadsOut ? [] : [beside]), this.#own(specFile)];
  }

  /** The folder for a new run, made; our own storage when that cannot be done, which is said once. */
  forNew(specFile: string): string {
    const chosen = this.#chosen(specFile);
    const wanted = chosen ?? runsFolder(specFile);
    try {
      if (chosen === undefined) refuseLeadingOut(wanted, homesOf(specFile));
      makeRunsFolder(wanted);
      return wanted;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      log().warn(messageOf(error));
      const own = this.#own(specFile);
      makeRunsFolder(own);
      if (!this.#said) {
        this.#said = true;
        void showWarning(
          vscode.l10n.t('The folder for runs cannot be written ({0}). This run is kept in {1}.', wanted, own),
        );
      }
      return own;
    }
  }

  #chosen(specFile: string): string | undefined {
    const written = setting('mtl.runs.directory', vscode.Uri.file(specFile)).trim();
    return written === '' ? undefined : path.resolve(path.dirname(specFile), written);
  }

  #own(specFile: string): string {
    const hash = createHash('sha256').update(specFile).digest('hex').slice(0, 16);
    return path.join(this.#storage.fsPath, 'runs', hash);
  }
}

/** Root of a spec's paths: the workspace folder that it lies in, else its own folder. */
export function rootOf(specFile: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(specFile));
  return folder?.uri.fsPath ?? path.dirname(specFile);
}

/** Folders that the runs beside a spec may lie in. */
function homesOf(specFile: string): readonly string[] {
  return [path.dirname(specFile), rootOf(specFile)];
}

/**
 * The spec that a run belongs to, from the names frozen with it.
 *
 * @param spec relative to the root that it was made with, with `/`; empty where that is not known
 */
export function specFileOf(directory: string, spec: string): string | undefined {
  if (spec === '') return undefined;
  const attempt = latestAttempt(directory);
  if (!attempt) return undefined;
  try {
    return frozenSpecFile(directory, readRunRecord(directory), path.resolve(directory, attempt.root));
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}
