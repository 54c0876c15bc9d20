/** The ledger of a run's warnings: each is told once in the life of the run, however often it is resumed. */
import type { WarningEvent } from '../../runs/events.ts';
import type { Text } from '../../common/text.ts';

export interface ToldWarning {
  readonly code: string;
  readonly message: Text;
  readonly task?: string;
  readonly severity?: 'information';
}

/** What makes a warning the same as another, beside its code. */
export interface WarningAbout {
  readonly task?: string | undefined;
  /** The English words where nothing is said: those may otherwise differ from time to time. */
  readonly about?: string;
  readonly severity?: 'warning' | 'information';
}

/** Whoever can be told a warning. */
export type Warn = (code: string, message: Text, about?: WarningAbout) => void;

export class Warnings {
  readonly #append: (record: WarningEvent) => void;
  #told: readonly string[] = [];

  /** @param append writes a record of the run */
  constructor(append: (record: WarningEvent) => void) {
    this.#append = append;
  }

  /** Tells a warning: the first with this code, task and `about` (the English words if none). */
  readonly warn: Warn = (code, message, about = {}) => {
    const { key, beginning } = warningKey(code, message, about);
    if (this.#told.some((told) => told.startsWith(beginning))) return;
    this.#told = [...this.#told, key];
    this.#append({ kind: 'warning', ...warningFields(warningOf(key)) });
  };

  /** All warnings told so far, in order. */
  all(): ToldWarning[] {
    return this.#told.map(warningOf);
  }

  /** What a checkpoint keeps. */
  state(): readonly string[] {
    return this.#told;
  }

  restore(told: readonly string[]): void {
    this.#told = told;
  }

  /** Writes down here, too, what another run has told: that of a fork's parent. */
  tellAgain(): void {
    for (const warning of this.all()) this.#append({ kind: 'warning', ...warningFields(warning) });
  }
}

/** How a warning is kept, and how all begin that count as the same: with its code, task and `about`. */
function warningKey(
  code: string,
  message: Text,
  { task, about = message.en, severity }: WarningAbout,
): { readonly key: string; readonly beginning: string } {
  const beginning = JSON.stringify([code, task ?? null, about]).slice(0, -1);
  const words = [message.en, message.zh, ...(severity === 'information' ? [severity] : [])];
  return { key: `${beginning},${words.map((word) => JSON.stringify(word)).join(',')}]`, beginning };
}

/** Checkpoints of earlier versions have the English words alone. */
function warningOf(key: string): ToldWarning {
  const [code, task, , en, zh = en, severity] = JSON.parse(key) as [string, string | null, string, string, ...string[]];
  return {
    ...{ code, message: { en, zh } },
    ...(task === null ? {} : { task }),
    ...(severity === 'information' ? { severity } : {}),
  };
}

/** The fields of a `warning` record, and of the list in `result.json`: `message` is English, `zh` says the same in Chinese. */
export function warningFields({ code, message, task, severity }: ToldWarning): Omit<WarningEvent, 'kind'> {
  return {
    ...{ code, message: message.en, zh: message.zh },
    ...(task === undefined ? {} : { task }),
    ...(severity === undefined ? {} : { severity }),
  };
}
