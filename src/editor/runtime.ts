import * as vscode from 'vscode';
import { install, type Installed, type Phase } from '../runtime/install.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import { RuntimeError, size, type Said } from '../runtime/said.ts';
import { setting } from './config.ts';

/** `MTL: Install native engine`: with progress that can be cancelled; another window waits for its turn. */
export async function installRuntime(extension: vscode.Uri): Promise<void> {
  const wish = await askForVariant();
  if (wish === undefined) return;
  const title = vscode.l10n.t('Installing the native engine');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const installed = await vscode.window.withProgress(options, (progress, token) =>
    installWith(extension, wish, token, (message, increment) => progress.report({ message, increment })),
  );
  if (installed) await tell(installed);
}

interface Wish {
  readonly gpu: boolean;
  /** A folder that holds TensorFlow: nothing is fetched then. */
  readonly from?: string;
}

async function askForVariant(): Promise<Wish | undefined> {
  const items = [
    { label: vscode.l10n.t('For the processor'), description: vscode.l10n.t('fetches {0}', '274 MB'), gpu: false },
    { label: vscode.l10n.t('For an NVIDIA GPU'), description: vscode.l10n.t('fetches {0}', '3.4 GB'), gpu: true },
    {
      label: vscode.l10n.t('From a folder on this machine…'),
      description: vscode.l10n.t('wheels, TensorFlow’s libraries or a Python environment; fetches nothing'),
      gpu: undefined,
    },
  ];
  const placeHolder = vscode.l10n.t('TensorFlow is fetched with Python’s pip from your package index');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen) return undefined;
  if (chosen.gpu !== undefined) return { gpu: chosen.gpu };
  const options = { canSelectFiles: false, canSelectFolders: true, canSelectMany: false };
  const [folder] =
    (await vscode.window.showOpenDialog({ ...options, title: vscode.l10n.t('Folder with TensorFlow') })) ?? [];
  return folder && { gpu: false, from: folder.fsPath };
}

async function installWith(
  extension: vscode.Uri,
  { gpu, from }: Wish,
  token: vscode.CancellationToken,
  report: (message: string, increment: number) => void,
): Promise<Installed | undefined> {
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  // The bar fills once for the fetching and once for the unpacking.
  let shown = 0;
  const progress = (phase: Phase, done: number, total: number, what: string): void => {
    const share = total > 0 ? done / total : 0;
    const at = phase === 'download' ? share * 50 : phase === 'unpack' ? 50 + share * 49 : shown;
    const counted = total > 1e6 ? `${size(done)} / ${size(total)}` : what;
    report(`${phaseName(phase)} ${counted}`, Math.max(0, at - shown));
    shown = Math.max(shown, at);
  };
  const python = setting('mtl.python.path');
  const assets = vscode.Uri.joinPath(extension, 'dist').fsPath;
  try {
    const port = { folder: runtimeFolder(), assets, progress, signal: stop.signal };
    return await install(port, {
      gpu,
      python: python === '' ? undefined : python,
      ...(from === undefined ? {} : { from }),
    });
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    if (error.code === 'cancelled') return undefined;
    throw new Error(inLanguage(error.text), { cause: error });
  }
}

function phaseName(phase: Phase): string {
  switch (phase) {
    case 'check':
      return vscode.l10n.t('Checking');
    case 'download':
      return vscode.l10n.t('Fetching');
    case 'verify':
      return vscode.l10n.t('Verifying');
    case 'unpack':
      return vscode.l10n.t('Unpacking');
    case 'compile':
      return vscode.l10n.t('Compiling with');
    case 'test':
      return vscode.l10n.t('Testing');
  }
}

async function tell({ runtime: { manifest }, probe }: Installed): Promise<void> {
  const device = probe.gpu ? (probe.device ?? 'GPU') : 'CPU';
  const done = vscode.l10n.t('The native engine is ready: TensorFlow {0}, {1}.', manifest.version, device);
  if (!manifest.gpu || probe.whyNoGpu === null) {
    await vscode.window.showInformationMessage(done);
    return;
  }
  const why = vscode.l10n.t('The GPU is not used: {0}.', inLanguage(probe.whyNoGpu));
  await vscode.window.showWarningMessage(`${done} ${why}`);
}

function inLanguage(text: Said): string {
  return vscode.env.language.toLowerCase().startsWith('zh') ? text.zh : text.en;
}
