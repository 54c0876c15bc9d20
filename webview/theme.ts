/** Colors from VS Code's theme, resolved for canvases and for Mermaid, and told again when the theme changes. */

export { taskDash } from './task-dash.ts';

/**
 * VS Code's chart colors in an order that tells neighbors apart, each with a fallback for themes that lack it. Not
 * `charts.orange`: themes derive it from a highlight and make it nearly transparent; nor the foreground, which is the
 * total's.
 */
const taskColorVariables = [
  ['--vscode-charts-blue', '#3794ff'],
  ['--vscode-charts-yellow', '#cca700'],
  ['--vscode-charts-green', '#89d185'],
  ['--vscode-charts-purple', '#b180d7'],
  ['--vscode-charts-red', '#f14c4c'],
  ['--vscode-terminal-ansiCyan', '#11a8cd'],
  ['--vscode-terminal-ansiBrightMagenta', '#d670d6'],
  ['--vscode-symbolIcon-classForeground', '#d67e00'],
] as const;

function variable(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

/** Color of the task at this place in the spec: the same in the chart, the table and the diagram. */
export function taskColor(index: number): string {
  const [name, fallback] = taskColorVariables[index % taskColorVariables.length] ?? taskColorVariables[0];
  return variable(name, fallback);
}

/** Of what is only in the first of two, only in the second, or in both and not alike. */
export function changeColors(): { readonly added: string; readonly removed: string; readonly changed: string } {
  return {
    added: variable('--vscode-charts-green', '#388a34'),
    removed: variable('--vscode-charts-red', '#e51400'),
    changed: variable('--vscode-charts-yellow', '#bf8803'),
  };
}

export interface Palette {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly border: string;
  readonly grid: string;
  readonly error: string;
  readonly accent: string;
  readonly fontFamily: string;
  readonly highContrast: boolean;
}

export function palette(): Palette {
  const foreground = variable('--vscode-foreground', '#808080');
  const classes = document.body.classList;
  return {
    foreground,
    muted: variable('--vscode-descriptionForeground', foreground),
    background: variable('--vscode-panel-background', variable('--vscode-editor-background', '#ffffff')),
    border: variable('--vscode-contrastBorder', variable('--vscode-panel-border', foreground)),
    grid: variable('--vscode-editorIndentGuide-background1', 'rgba(128,128,128,0.25)'),
    error: variable('--vscode-errorForeground', '#f14c4c'),
    accent: variable('--vscode-focusBorder', '#0078d4'),
    fontFamily: variable('--vscode-font-family', 'system-ui, sans-serif'),
    highContrast: classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light'),
  };
}

/** Calls back when a color really changed: VS Code touches the style attribute more often than that. */
export function onThemeChange(listener: () => void): void {
  const fingerprint = (): string => JSON.stringify([palette(), taskColorVariables.map((_, index) => taskColor(index))]);
  let last = fingerprint();
  const observer = new MutationObserver(() => {
    const next = fingerprint();
    if (next === last) return;
    last = next;
    listener();
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}
