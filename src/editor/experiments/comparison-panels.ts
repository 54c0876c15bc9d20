import * as path from 'node:path';
import * as vscode from 'vscode';
import { isExperiment } from '../../experiment/layout.ts';
import { isRun } from '../../runs/layout.ts';
import { Disposables } from '../window/disposables.ts';
import { comparisonViewType } from '../window/ids.ts';
import { nameText } from '../window/say.ts';
import { webviewOptions } from '../window/webviews.ts';
import { ComparisonPanel } from './comparison-panel.ts';
import type { Compared } from './comparison-source.ts';

const runsScheme = 'mtl-runs';

/** All comparisons: one tab an experiment, or a set of runs, revived after a window reload. */
export class ComparisonPanels extends Disposables {
  readonly #panels = new Map<string, ComparisonPanel>();
  readonly #extension: vscode.Uri;
  readonly #showRun: (directory: string) => Promise<void>;

  constructor(extension: vscode.Uri, showRun: (directory: string) => Promise<void>) {
    super();
    this.#extension = extension;
    this.#showRun = showRun;
  }

  show(compared: Compared): void {
    const place = placeFor(compared);
    const open = this.#panels.get(place.toString());
    if (open) {
      open.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(comparisonViewType, titleOf(compared), column, {
      ...webviewOptions(this.#extension),
      enableFindWidget: true,
    });
    this.#adopt(panel, compared, place);
  }

  /** Takes over a tab that came back after a reload, by what its page had saved. */
  revive(panel: vscode.WebviewPanel, state: unknown): void {
    const compared = comparedOf(state);
    if (compared === undefined) {
      panel.dispose();
      return;
    }
    panel.webview.options = webviewOptions(this.#extension);
    this.#adopt(panel, compared, placeFor(compared));
  }

  #adopt(panel: vscode.WebviewPanel, compared: Compared, place: vscode.Uri): void {
    const key = place.toString();
    this.#panels.get(key)?.dispose();
    const own = new ComparisonPanel(panel, place, {
      ...{ extension: this.#extension, showRun: this.#showRun, compared },
    });
    this.#panels.set(key, own);
    panel.onDidDispose(() => {
      own.dispose();
      if (this.#panels.get(key) === own) this.#panels.delete(key);
    });
  }

  override dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
    super.dispose();
  }
}

function titleOf(compared: Compared): string {
  if ('experiment' in compared) {
    return vscode.l10n.t('{0} · comparison', nameText(path.basename(compared.experiment)));
  }
  return vscode.l10n.t('Comparison of {0} runs', compared.runs.length);
}

function placeFor(compared: Compared): vscode.Uri {
  if ('experiment' in compared) return vscode.Uri.file(compared.experiment);
  const query = JSON.stringify(compared.runs.toSorted());
  return vscode.Uri.from({ scheme: runsScheme, path: '/', query });
}

/** What the page was told to remember; the page's state is data. */
function comparedOf(state: unknown): Compared | undefined {
  if (typeof state !== 'object' || state === null || !('document' in state)) return undefined;
  if (typeof state.document !== 'string') return undefined;
  try {
    const uri = vscode.Uri.parse(state.document, true);
    if (uri.scheme === 'file') return isExperiment(uri.fsPath) ? { experiment: uri.fsPath } : undefined;
    if (uri.scheme !== runsScheme) return undefined;
    const runs: unknown = JSON.parse(uri.query);
    return areRuns(runs) ? { runs } : undefined;
  } catch {
    return undefined;
  }
}

function areRuns(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && path.isAbsolute(one) && isRun(one));
}
