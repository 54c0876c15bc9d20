import * as vscode from 'vscode';

/** What a person says to a question of a wizard: an answer, one step back, or that it is to end. */
export type Answer<T> = { readonly value: T } | 'back' | undefined;

export interface Question {
  /** With the number of the step. */
  readonly title: string;
  readonly placeholder: string;
  /** Whether there is a step to go back to. */
  readonly back: boolean;
}

/** One item of a list. */
export function askOne<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  question: Question & { readonly active?: Item | undefined; readonly matchOnDescription?: boolean },
): Promise<Answer<Item>> {
  const quick = vscode.window.createQuickPick<Item>();
  quick.items = items;
  quick.placeholder = question.placeholder;
  quick.matchOnDescription = question.matchOnDescription === true;
  if (question.active) quick.activeItems = [question.active];
  return answered(quick, question, () => quick.activeItems[0]);
}

/** One item or more. Enter on none keeps the list open and says what to do: nothing that was answered before is lost. */
export function askMany<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  question: Question & { readonly marked: readonly Item[]; readonly canBeMarked: (item: Item) => boolean },
): Promise<Answer<readonly Item[]>> {
  const quick = vscode.window.createQuickPick<Item>();
  quick.items = items;
  quick.placeholder = question.placeholder;
  quick.canSelectMany = true;
  quick.selectedItems = question.marked;
  // Rows that only say something are unmarked again at once.
  quick.onDidChangeSelection((selected) => {
    const wanted = selected.filter(question.canBeMarked);
    if (wanted.length < selected.length) quick.selectedItems = wanted;
  });
  return answered(quick, question, () => {
    const chosen = quick.selectedItems.filter(question.canBeMarked);
    if (chosen.length > 0) return chosen;
    const hint = vscode.l10n.t('Mark at least one with Space, then press Enter');
    quick.title = `${question.title} · ${hint}`;
    quick.placeholder = hint;
    return undefined;
  });
}

/** A line of text; one with a problem is not taken. */
export function askText(
  question: Question & {
    readonly value: string;
    readonly selection: readonly [number, number];
    readonly problemOf: (value: string) => Promise<string | undefined>;
  },
): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = question.placeholder;
  input.value = question.value;
  input.valueSelection = question.selection;
  const look = async (): Promise<boolean> => {
    const { value } = input;
    const problem = await question.problemOf(value);
    // Of a text that was typed on meanwhile nothing is said.
    if (value === input.value) input.validationMessage = problem;
    return problem === undefined;
  };
  input.onDidChangeValue(() => void look());
  void look();
  return answered(input, question, async () => ((await look()) ? input.value : undefined));
}

type Input = vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox;

function answered<T>(
  input: Input,
  { title, back }: Question,
  accept: () => T | undefined | Promise<T | undefined>,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    input.title = title;
    // Whoever looks something up in another window goes on here afterwards.
    input.ignoreFocusOut = true;
    if (back) input.buttons = [vscode.QuickInputButtons.Back];
    const close = (answer: Answer<T>): void => {
      resolve(answer);
      input.hide();
    };
    input.onDidTriggerButton(() => close('back'));
    input.onDidAccept(async () => {
      const value = await accept();
      if (value !== undefined) close({ value });
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}
