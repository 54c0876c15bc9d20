/** A comparison → its report. */
import { text, type Text } from '../../common/text.ts';
import type { Comparison } from '../comparison/contract.ts';
import { besideTables } from './beside.ts';
import type { Report, ReportTable, Section } from './contract.ts';
import { curveFigure, type Curve } from './curves.ts';
import { forestFigure, paretoFigures } from './figures.ts';
import { methodsText } from './methods.ts';
import {
  claimsSummary,
  correlationSummary,
  factorSummary,
  failuresSummary,
  hypothesesSummary,
  looksSummary,
  overallSummary,
  paretoSummary,
  taskSummary,
  togetherSummary,
} from './summaries.ts';
import {
  armsTable,
  claimsTable,
  correlationTable,
  differencesTable,
  factorTables,
  failuresTable,
  hypothesesTable,
  paretoTable,
  taskTable,
  varianceTable,
} from './tables.ts';

const present = <T>(values: readonly (T | null)[]): readonly T[] =>
  values.filter((value): value is T => value !== null);

function section(
  id: string,
  title: Text,
  parts: {
    readonly summary?: readonly (Text | null)[];
    readonly tables?: readonly (ReportTable | null)[];
    readonly figures?: Section['figures'];
  },
): Section {
  const { summary = [], tables = [], figures = [] } = parts;
  return { id, title, summary: present(summary), tables: present(tables), figures };
}

/** The tables that `mtl compare` shows: those of the report without what only a page has room for. */
export function comparisonTables(comparison: Comparison): readonly ReportTable[] {
  const { measures, hypotheses, failures, differences } = comparison;
  return present([
    ...(comparison.beside === null ? [] : besideTables(comparison.beside)),
    ...measures.map((measure) => taskTable(comparison, measure)),
    armsTable(comparison),
    claimsTable(comparison),
    hypotheses.length > 0 ? hypothesesTable(comparison) : null,
    paretoTable(comparison),
    correlationTable(comparison),
    varianceTable(comparison),
    differences.differences.length > 0 ? differencesTable(comparison) : null,
    failures.length > 0 ? failuresTable(comparison) : null,
  ]);
}

/** The sentences beside them. */
export function comparisonSentences(comparison: Comparison): readonly Text[] {
  return present([
    overallSummary(comparison),
    claimsSummary(comparison),
    paretoSummary(comparison),
    hypothesesSummary(comparison),
    togetherSummary(comparison),
    looksSummary(comparison),
    comparison.crossed,
    ...comparison.deviations,
    ...comparison.remarks,
  ]);
}

/** @param curves of the runs that are compared */
export function comparisonReport(comparison: Comparison, curves: readonly Curve[] = []): Report {
  const { measures, hypotheses, factors, failures, differences, remarks, deviations, question, name } = comparison;
  const asked = question === null ? null : text(question, question);
  return {
    title: name === '' ? text('Comparison', '比较') : text(name, name),
    sections: [
      section('summary', text('Summary', '概要'), {
        summary: [asked, overallSummary(comparison), claimsSummary(comparison), looksSummary(comparison)],
        tables: [armsTable(comparison), claimsTable(comparison)],
      }),
      ...measures.map((measure, index) =>
        section(`task-${index + 1}`, text(`Task ${measure.task}`, `任务 ${measure.task}`), {
          summary: [taskSummary(comparison, measure)],
          tables: [taskTable(comparison, measure)],
          figures: present([forestFigure(comparison, measure, index), curveFigure(curves, measure, index)]),
        }),
      ),
      ...(hypotheses.length === 0
        ? []
        : [
            section('hypotheses', text('Hypotheses', '假设'), {
              summary: [hypothesesSummary(comparison), togetherSummary(comparison)],
              tables: [hypothesesTable(comparison)],
            }),
          ]),
      ...(comparison.pareto === null
        ? []
        : [
            section('pareto', text('Pareto fronts', '帕累托前沿'), {
              summary: [paretoSummary(comparison)],
              tables: [paretoTable(comparison)],
              figures: paretoFigures(comparison),
            }),
          ]),
      ...(factors.length === 0
        ? []
        : [
            section('factors', text('Factors', '因素'), {
              summary: factors.map(factorSummary),
              tables: factors.flatMap(factorTables),
            }),
          ]),
      ...(comparison.correlation === null
        ? []
        : [
            section('correlation', text('Tasks together', '任务间的相关'), {
              summary: [correlationSummary(comparison)],
              tables: [correlationTable(comparison)],
            }),
          ]),
      ...(comparison.variance.length === 0
        ? []
        : [
            section('variance', text('Spread between runs', '运行之间的差异'), {
              summary: [comparison.crossed],
              tables: [varianceTable(comparison)],
            }),
          ]),
      ...(differences.differences.length === 0
        ? []
        : [section('differences', text('Settings', '设置'), { tables: [differencesTable(comparison)] })]),
      section('failures', text('Failures and remarks', '失败与备注'), {
        summary: [failuresSummary(comparison), ...deviations, ...remarks],
        tables: failures.length === 0 ? [] : [failuresTable(comparison)],
      }),
      section('methods', text('Methods', '方法'), { summary: [methodsText(comparison)] }),
    ],
  };
}
