/** What is next for a run, by its directory and what the ledger tells of it. Reads files, changes none. */
import * as fs from 'node:fs';
import { isLive } from '../../common/run-state.ts';
import { counted, type Text, text } from '../../common/text.ts';
import { readJson } from '../../files/plain.ts';
import { attemptNumbers, latestAttempt, readAttempt, type Attempt } from '../../runs/attempts.ts';
import { member } from '../../runs/json.ts';
import { isRun, runPaths } from '../../runs/layout.ts';
import { glance } from '../../runs/list.ts';
import type { Outcome } from '../contract.ts';
import { collectOutcome, failedOutcome, lastEnd, prunedOutcome, spentOn } from './collect.ts';
import type { RunHistory } from './history.ts';
import type { LedgerBody } from './ledger.ts';

export type Verdict =
  /** Nothing is there, or a piece of what a launcher was making when it was killed. */
  | { readonly kind: 'missing'; readonly fragment: boolean }
  | { readonly kind: 'live'; readonly paused: boolean }
  /** It can go on; `note` is what the ledger is to be told of before. */
  | { readonly kind: 'go-on'; readonly resume: boolean; readonly note: Note | null }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** The disk is full: nothing is the run's fault. */
  | { readonly kind: 'disk'; readonly message: Text };

type Note = Extract<LedgerBody, { readonly kind: 'death' | 'retry' }>;

export interface Rules {
  /** SHA-256 by path, of the plan. */
  readonly files: ReadonlyMap<string, string>;
  /** How often a run that fails is tried again. */
  readonly retry: number;
}

/** So often a run may be killed without having come further; then it is given up. */
const mostDeaths = 10;

/** Codes of the trainer's last words that only tell of a full disk. */
const diskCodes: ReadonlySet<string> = new Set(['unwritable', 'ENOSPC', 'EDQUOT']);

export function judgeRun(directory: string, run: string, history: RunHistory, rules: Rules): Verdict {
  if (!isRun(directory)) return { kind: 'missing', fragment: fs.existsSync(directory) };
  const { state, problem } = glance(directory);
  if (isLive(state)) return { kind: 'live', paused: state === 'paused' };
  // The decision stands, whatever the run did between it and its end.
  if (history.pruned !== null) return { kind: 'ended', outcome: prunedOutcome(directory, history.pruned.reason) };
  if (state === 'completed') {
    const outcome = collectOutcome(directory, rules.files);
    if (outcome !== null) return { kind: 'ended', outcome };
  }
  const refused = refusedLast(directory);
  if (refused?.ended?.changes) {
    // Whoever starts the driver again may have put the data back; if not, the trainer will say so again.
    if (history.end?.failure === 'data-changed') return { kind: 'go-on', resume: true, note: null };
    return { kind: 'ended', outcome: failedOutcome('data-changed', refusalText(refused)) };
  }
  if (refused)
    return failed(directory, run, history, rules, { attempt: refused.attempt, reason: refusalText(refused) });
  if (state === 'failed') return afterFailure(directory, run, history, rules, problem);
  if (state === 'stopped') return { kind: 'go-on', resume: true, note: null };
  if (state === 'idle') return { kind: 'go-on', resume: false, note: null };
  return afterDeath(directory, run, history, rules, problem);
}

function refusedLast(directory: string): Attempt | null {
  const newest = attemptNumbers(directory).at(-1);
  const attempt = newest === undefined ? null : readAttempt(directory, newest);
  return attempt?.ended?.status === 'refused' ? attempt : null;
}

function refusalText({ ended }: Attempt): Text {
  const en = ended?.message ?? 'The training process was refused.';
  return text(en, ended?.zh ?? ended?.message ?? '训练进程被拒绝。');
}

function afterFailure(
  directory: string,
  run: string,
  history: RunHistory,
  rules: Rules,
  problem: Text | null,
): Verdict {
  const error = lastEnd(directory)?.error;
  const reason = problem ?? text('The training failed.', '训练失败。');
  const { seconds, epochs } = spentOn(directory);
  if (error?.code === 'diverged') return { kind: 'ended', outcome: failedOutcome('nan', reason, seconds, epochs) };
  if (error !== undefined && diskCodes.has(error.code)) return { kind: 'disk', message: reason };
  return failed(directory, run, history, rules, { attempt: latestAttempt(directory)?.attempt ?? 1, reason });
}

/** It is tried again while tries are left. One that the ledger has promised and nobody has made is made now. */
function failed(
  directory: string,
  run: string,
  { retries, end }: RunHistory,
  { retry }: Rules,
  { attempt, reason }: { readonly attempt: number; readonly reason: Text },
): Verdict {
  const promised = retries.at(-1)?.attempt === attempt && end === null;
  if (promised) return { kind: 'go-on', resume: true, note: null };
  if (retries.length < retry && end === null) {
    return { kind: 'go-on', resume: true, note: { kind: 'retry', run, attempt, reason: firstLine(reason) } };
  }
  const { seconds, epochs } = spentOn(directory);
  return { kind: 'ended', outcome: failedOutcome('crash', reason, seconds, epochs) };
}

const firstLine = ({ en, zh }: Text): Text => text(en.split('\n')[0] ?? '', zh.split('\n')[0] ?? '');

/** Ended without a word: killed, or its machine went down. It goes on from its checkpoint as long as it comes further. */
function afterDeath(directory: string, run: string, history: RunHistory, rules: Rules, problem: Text | null): Verdict {
  const newest = latestAttempt(directory);
  const attempt = newest?.attempt ?? 0;
  const ended = newest?.ended;
  const reason = problem ?? text('The training process ended without a word.', '训练进程未留下任何信息就已结束。');
  // A process that ends itself with a code has failed, whether it could say so or not.
  if (typeof ended?.code === 'number' && ended.code !== 0)
    return failed(directory, run, history, rules, { attempt, reason });
  const { deaths, end } = history;
  const step = checkpointStep(directory);
  const known = deaths.at(-1)?.attempt === attempt;
  const steps = known ? deaths.map((one) => one.step) : [...deaths.map((one) => one.step), step];
  const vain = steps.length - (steps.findLastIndex((one) => one !== steps.at(-1)) + 1);
  if (vain >= mostDeaths || end?.failure === 'killed') {
    const { seconds, epochs } = spentOn(directory);
    return { kind: 'ended', outcome: failedOutcome('killed', killedText(vain), seconds, epochs) };
  }
  const note: Note = {
    ...{ kind: 'death', run, attempt, step },
    ...{ code: ended?.code ?? null, signal: ended?.signal ?? null },
  };
  return { kind: 'go-on', resume: true, note: known ? null : note };
}

function killedText(times: number): Text {
  return text(
    `Its process was killed ${counted(times, 'time')} in a row without having come further (too little memory?).`,
    `其进程连续 ${String(times)} 次被终止而没有任何进展（内存不足？）。`,
  );
}

/** Step of the checkpoint that it would go on from; 0 without one. */
function checkpointStep(directory: string): number {
  const step = member(readJson(runPaths(directory).latest), 'step');
  return typeof step === 'number' && Number.isSafeInteger(step) ? step : 0;
}
