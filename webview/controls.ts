/**
 * The only import of the UI toolkit: everything else asks this file for a control, so that the toolkit can be replaced in
 * one place. Controls are native to VS Code's look and carry their own keyboard handling.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';
import { element, type Attributes } from './dom.ts';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());

/** What every control has: the handle for checks, the accessible name, and the tooltip made from it. */
interface ControlOptions {
  readonly testId: string;
  readonly label: string;
}

/** The parts of a toolkit element that the pages use. */
export interface Control extends HTMLElement {
  disabled: boolean;
}

export interface Toggle extends Control {
  checked: boolean;
}

/** A button with a text, or with a face (one of `icons`, or a short word) and the text as its accessible name. */
export function button(options: ControlOptions & { icon?: SVGElement | string; onClick: () => void }): Control {
  const attributes: Attributes = {
    'data-testid': options.testId,
    appearance: options.icon ? 'icon' : 'secondary',
    'aria-label': options.label,
    title: options.label,
  };
  const control = element('vscode-button', attributes, options.icon ?? options.label);
  control.addEventListener('click', options.onClick);
  return control as Control;
}

export function checkbox(options: ControlOptions & { checked: boolean; onChange: (checked: boolean) => void }): Toggle {
  const control = element('vscode-checkbox', { 'data-testid': options.testId }, options.label) as Toggle;
  control.checked = options.checked;
  control.addEventListener('change', () => options.onChange(control.checked));
  return control;
}

/**
 * A drop-down; `choices` are [value, text]. A native one: the toolkit's writes an inline style attribute, which a strict
 * policy refuses.
 */
export function dropdown<T extends string>(
  options: ControlOptions & { choices: readonly (readonly [T, string])[]; value: T; onChange: (value: T) => void },
): HTMLElement {
  const select = element(
    'select',
    { 'data-testid': options.testId, 'aria-label': options.label, title: options.label },
    ...options.choices.map(([value, text]) => element('option', { value }, text)),
  ) as HTMLSelectElement;
  select.value = options.value;
  select.addEventListener('change', () => {
    const choice = options.choices.find(([value]) => value === select.value);
    if (choice) options.onChange(choice[0]);
  });
  return select;
}

/** A slider. The toolkit has none; the native one takes VS Code's colors by CSS (`accent-color`). */
export function slider(
  options: ControlOptions & { min: number; max: number; step: number; value: number; onInput: (value: number) => void },
): HTMLElement {
  const input = element('input', {
    type: 'range',
    'data-testid': options.testId,
    'aria-label': options.label,
    title: options.label,
    min: String(options.min),
    max: String(options.max),
    step: String(options.step),
    value: String(options.value),
  }) as HTMLInputElement;
  input.addEventListener('input', () => options.onInput(Number(input.value)));
  return input;
}
