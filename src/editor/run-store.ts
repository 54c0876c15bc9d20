import * as path from 'node:path';
import * as vscode from 'vscode';
import { LossHistory } from '../messages/history.ts';
import type { RunState, RunSummary } from '../messages/protocol.ts';
import type { EventRecord } from '../runs/events.ts';
import { openLease, type Lease } from '../runs/leases.ts';
import { Disposables } from './disposables.ts';
import { contextKeys } from './ids.ts';
import { isLive, linesOf, type MetricLine } from './run-text.ts';
