import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { locale } from './language.ts';
import { pageHtml, type PageName } from './page.ts';

/** The only folder a webview may load from. */
function webviewRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, enableForms: false, localResourceRoots: [webviewRoot(extension)] };
}

export function htmlFor(
  webview: vscode.Webview,
  extension: vscode.Uri,
  page: PageName,
  title: string,
  document?: vscode.Uri,
): string {
  const root = webviewRoot(extension);
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  return pageHtml({
    page,
    source: webview.cspSource,
    script: file(`${page}.js`),
    style: file(`${page}.css`),
    nonce: randomBytes(18).toString('base64url'),
    language: locale(),
    title,
    ...(document ? { document: document.toString() } : {}),
  });
}

const saveNames = { csv: 'CSV', png: 'PNG', svg: 'SVG' } as const;

/**
 * Saves what a page made, where the person says.
 *
 * @param folder where the dialog opens
 */
export async function savePicture(
  folder: vscode.Uri,
  name: string,
  format: keyof typeof saveNames,
  base64: string,
): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    // A page's name is data: only its last part counts.
    defaultUri: vscode.Uri.joinPath(folder, safeFileName(name, format)),
    filters: { [saveNames[format]]: [format] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(base64, 'base64'));
  void vscode.window.setStatusBarMessage(vscode.l10n.t('Saved {0}', target.path.split('/').at(-1) ?? ''), 5000);
}

/** A file name without folders, devices or control characters. */
function safeFileName(name: string, format: string): string {
  const last = name.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const clean = last.replace(/[\u0000-\u001f<>:"|?*]/g, '_').slice(0, 120);
  const base = clean.replace(/^\.+/, '') || 'mtl';
  return base.toLowerCase().endsWith(`.${format}`) ? base : `${base}.${format}`;
}
