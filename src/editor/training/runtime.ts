import * as fs from 'node:fs';
import * as vscode from 'vscode';
import type { Text } from '../../common/text.ts';
import { checkMachine, thisMachine } from '../../runtime/checks.ts';
import { addonHashes, addonFile } from '../../runtime/addon.ts';
import { compilerWheel } from '../../runtime/compile.ts';
import { gpuModels } from '../../runtime/gpu.ts';
import { install, type Installed, type InstallRequest, type Phase } from '../../runtime/install.ts';
import { runtimeFolder } from '../../runtime/layout.ts';
import type { Platform } from '../../runtime/platforms.ts';
import { RuntimeError, size } from '../../runtime/error.ts';
import { downloadOf, variantFor } from '../../runtime/wheels.ts';
import { setting } from '../window/config.ts';
import { showError, showInformation, showWarning } from '../window/say.ts';
import { trusted } from '../window/trust.ts';

/**
 * `MTL: Install native engine`: with progress that can be canceled. Called again it goes on where it was; another window
 * that installs is named and waited for by the person.
 */
export async function installRuntime(extension: vscode.Uri): Promise<void> {
  if (!(await trusted())) return;
  const platform = await suitablePlatform();
  const request = platform && (await askForSource(platform, assetsOf(extension)));
  if (request === undefined) return;
  for (let tries = 1; ; tries++) {
    const outcome = await attempt(extension, request);
    if (!(outcome instanceof RuntimeError)) {
      await tell(outcome);
      return;
    }
    // VS Code swallows a message equal to the one whose button was pressed a moment ago.
    const said = inLanguage(outcome.text);
    const text = tries === 1 ? said : vscode.l10n.t('{0} (attempt {1})', said, tries);
    const again = vscode.l10n.t('Try again');
    const stopped = outcome.code === 'cancelled';
    const pressed = await (stopped ? showInformation(text, vscode.l10n.t('Go on')) : showError(text, again));
    if (pressed === undefined) return;
  }
}

/** Refuses before it asks. */
async function suitablePlatform(): Promise<Platform | undefined> {
  try {
    return checkMachine(thisMachine());
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    await showError(inLanguage(error.text));
    return undefined;
  }
}

/** Where the addon, or its source, lies. */
function assetsOf(extension: vscode.Uri): string {
  return vscode.Uri.joinPath(extension, 'dist').fsPath;
}

async function askForSource(platform: Platform, assets: string): Promise<InstallRequest | undefined> {
  // Where its bytes are pinned, an addon that the extension does not bring is compiled with a compiler that is fetched.
  const isCompiled = addonHashes[platform.name] !== undefined && !fs.existsSync(addonFile(assets, platform.name));
  const fetched = (gpu: boolean): string => {
    const bytes = downloadOf(variantFor(platform, gpu)) + (isCompiled ? compilerWheel(platform).bytes : 0);
    return isCompiled
      ? vscode.l10n.t('fetches {0}; the addon is compiled here', size(bytes))
      : vscode.l10n.t('fetches {0}', size(bytes));
  };
  const gpuItem = {
    label: vscode.l10n.t('For an NVIDIA GPU'),
    description: [gpuModels()[0], fetched(true)].filter((part) => part !== undefined).join(' · '),
    choice: 'gpu',
  } as const;
  const items = [
    { label: vscode.l10n.t('For the processor'), description: fetched(false), choice: 'cpu' } as const,
    ...(platform.name === 'linux-x64' ? [gpuItem] : []),
    {
      label: vscode.l10n.t('From a folder on this machine…'),
      description: vscode.l10n.t('wheels, TensorFlow’s libraries or a Python environment; fetches nothing'),
      choice: 'folder',
    } as const,
  ];
  const placeHolder = vscode.l10n.t('TensorFlow is fetched with Python’s pip from your package index');
  const picked = await vscode.window.showQuickPick(items, { placeHolder });
  if (picked === undefined) return undefined;
  const python = setting('mtl.python.path');
  const base = { gpu: picked.choice === 'gpu', python: python === '' ? undefined : python };
  if (picked.choice !== 'folder') return base;
  const title = vscode.l10n.t('Folder with TensorFlow');
  const options = { canSelectFiles: false, canSelectFolders: true, canSelectMany: false, title };
  const [folder] = (await vscode.window.showOpenDialog(options)) ?? [];
  return folder === undefined ? undefined : { ...base, from: folder.fsPath };
}

/** One try, with its progress in a notification; a refusal is a value. */
async function attempt(extension: vscode.Uri, request: InstallRequest): Promise<Installed | RuntimeError> {
  const title = vscode.l10n.t('Installing the native engine');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const assets = assetsOf(extension);
    const port = { folder: runtimeFolder(), assets, progress: reporter(progress), signal: stop.signal };
    try {
      return await install(port, request);
    } catch (error) {
      if (error instanceof RuntimeError) return error;
      throw error;
    }
  });
}

/** The bar fills once for the fetching and once for the unpacking. */
function reporter(
  progress: vscode.Progress<{ message: string; increment: number }>,
): (phase: Phase, done: number, total: number, what: string) => void {
  let shown = 0;
  return (phase, done, total, what) => {
    const share = total > 0 ? done / total : 0;
    const at = phase === 'download' ? share * 50 : phase === 'unpack' ? 50 + share * 49 : shown;
    const counted = total > 1e6 ? `${size(done)} / ${size(total)}` : what;
    progress.report({ message: `${phaseName(phase)} ${counted}`, increment: Math.max(0, at - shown) });
    shown = Math.max(shown, at);
  };
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
    await showInformation(done);
    return;
  }
  const why = vscode.l10n.t('The GPU is not used: {0}.', inLanguage(probe.whyNoGpu));
  await showWarning(`${done} ${why}`);
}

function inLanguage(text: Text): string {
  return vscode.env.language.toLowerCase().startsWith('zh') ? text.zh : text.en;
}
