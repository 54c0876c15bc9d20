import * as vscode from 'vscode';
import { sizeText } from '../../common/size.ts';
import { memoryHere } from '../../files/memory.ts';
import { processorsHere } from '../../files/processors.ts';
import {
  parseDoctorToHost,
  type DoctorAction,
  type DoctorFinding,
  type DoctorToPage,
} from '../../messages/protocol.ts';
import { withoutHome } from '../../runs/log.ts';
import { gpuModels } from '../../runtime/gpu.ts';
import { findPython } from '../../runtime/python.ts';
import { askCli, languageArguments } from '../window/cli.ts';
import { setting } from '../window/config.ts';
import { Disposables } from '../window/disposables.ts';
import { doctorViewType } from '../window/ids.ts';
import { locale } from '../window/language.ts';
import { log, messageOf, report } from '../window/log.ts';
import { htmlFor, webviewOptions } from '../window/webviews.ts';
import { findingsOf, findingsText, readAnswer, type Surroundings } from './findings.ts';

/** The one page of a window, while it is open. */
let open: DoctorPanel | undefined;

/** Shows what this machine has, or looks anew where the page is open. */
export function showDoctor(extension: vscode.Extension<unknown>): void {
  open ??= new DoctorPanel(extension, () => (open = undefined));
  open.reveal();
}

/** Something was installed, or a setting changed: what the page says may be old. */
export function refreshDoctor(): void {
  open?.look().catch(report);
}

/** What a click on a finding does. */
const commands: Readonly<Record<DoctorAction, readonly [command?: string, ...args: readonly string[]]>> = {
  install: ['mtl.installRuntime'],
  python: ['workbench.action.openSettings', 'mtl.python.path'],
  engine: ['workbench.action.openSettings', 'mtl.training.engine'],
  trust: ['workbench.trust.manage'],
  // It has no command.
  log: [],
};

class DoctorPanel extends Disposables {
  readonly #panel: vscode.WebviewPanel;
  readonly #extension: vscode.Extension<unknown>;
  readonly #stop = new vscode.CancellationTokenSource();
  #ready = false;
  /** Null while they are looked for. */
  #findings: readonly DoctorFinding[] | null = null;
  #looks = 0;

  constructor(extension: vscode.Extension<unknown>, closed: () => void) {
    super();
    this.#extension = extension;
    const title = vscode.l10n.t('MTL Doctor');
    this.#panel = vscode.window.createWebviewPanel(
      doctorViewType,
      title,
      vscode.ViewColumn.Active,
      webviewOptions(extension.extensionUri),
    );
    this.register(this.#panel.webview.onDidReceiveMessage((raw: unknown) => void this.#receive(raw).catch(report)));
    this.register(
      this.#panel.onDidChangeViewState(() => {
        // A hidden page is destroyed; when it comes back it says `ready` anew.
        if (!this.#panel.visible) this.#ready = false;
      }),
    );
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('mtl.python') || change.affectsConfiguration('mtl.training')) refreshDoctor();
      }),
    );
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(refreshDoctor));
    this.#panel.onDidDispose(() => {
      this.#stop.cancel();
      this.dispose();
      closed();
    });
    this.#panel.webview.html = htmlFor(this.#panel.webview, extension.extensionUri, 'doctor', title);
  }

  reveal(): void {
    this.#panel.reveal();
    this.look().catch(report);
  }

  /** Looks at everything; a newer look makes an older one void. */
  async look(): Promise<void> {
    const mine = ++this.#looks;
    this.#findings = null;
    this.#post();
    const [answer, around] = await Promise.all([this.#ask(), surroundings(this.#extension.extensionPath)]);
    if (mine !== this.#looks || this.disposed) return;
    this.#findings = findingsOf(vscode.l10n.t, answer, around);
    this.#post();
  }

  /** By the command in a process of its own: what an engine does to the process that loads it is not done to this one. */
  async #ask(): Promise<ReturnType<typeof readAnswer>> {
    try {
      const { extensionUri, extensionPath } = this.#extension;
      const words = ['doctor', '--json', ...languageArguments()];
      const { stdout, complaints } = await askCli(extensionUri, words, extensionPath, this.#stop.token);
      if (complaints !== '') log().warn(complaints.trim());
      return readAnswer(stdout);
    } catch (error) {
      log().error(messageOf(error));
      return undefined;
    }
  }

  #post(): void {
    if (!this.#ready || !this.#panel.visible) return;
    const message: DoctorToPage = { type: 'hydrate', locale: locale(), findings: this.#findings };
    void this.#panel.webview.postMessage(message);
  }

  async #receive(raw: unknown): Promise<void> {
    const message = parseDoctorToHost(raw);
    if (!message) {
      log().warn('The doctor sent a message that fits no known type.');
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#post();
        return;
      case 'again':
        await this.look();
        return;
      case 'copy':
        await this.#copy();
        return;
      case 'act': {
        const [command, ...args] = commands[message.action];
        if (command === undefined) log().show();
        else await vscode.commands.executeCommand(command, ...args);
        return;
      }
      case 'error':
        log().error(`Doctor: ${message.message}`);
    }
  }

  async #copy(): Promise<void> {
    const { version = '' } = this.#extension.packageJSON as { readonly version?: string };
    const head = `MTL Workbench ${version} · VS Code ${vscode.version} · ${process.platform} ${process.arch}`;
    await vscode.env.clipboard.writeText(withoutHome(findingsText(head, this.#findings ?? [])));
    void vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 5000);
  }
}

async function surroundings(folder: string): Promise<Surroundings> {
  const { isTrusted: trusted } = vscode.workspace;
  const { available, total } = memoryHere();
  return {
    engineSetting: setting('mtl.training.engine'),
    trusted,
    // A program of the workspace's choice is not started before the person trusts it.
    python: trusted ? await pythonHere(folder) : null,
    gpus: gpuModels(),
    processors: processorsHere(),
    freeMemory: sizeText(available),
    totalMemory: sizeText(total),
  };
}

async function pythonHere(folder: string): Promise<Surroundings['python']> {
  const named = setting('mtl.python.path');
  try {
    return await findPython(named === '' ? undefined : named, folder);
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
