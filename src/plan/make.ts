/**
 * Spec → plan: the one place where a spec gets its meaning. Names become edges, edges an order, and along the order
 * shapes, weights and counts; what does not fit becomes a problem. A slip is told once: what follows from it is left
 * out of the complaints, and the plan goes on with what was probably meant, so that the picture stays.
 */
import type { Spec, SpecNode } from '../spec/index.ts';
import { orderOf } from './graph.ts';
import { tableOf } from './table-columns.ts';
import type { Machine } from './memory.ts';
import { buildNetwork } from './network.ts';
import { checkPlan } from './problems/index.ts';
import { Report } from './report.ts';
import { resolveSources } from './sources.ts';
import type { DataFacts, Planning } from './plan.ts';

/**
 * The plan of a spec and what is wrong with it. With errors among the problems the plan is good for pictures only.
 *
 * @param tree  where each value stands in the text: gives problems their ranges and fixes
 * @param facts what is known of the data: the header for columns and widths, whole files for vocabularies and classes
 * @param machine what the training would have: without it nothing is said of memory
 */
export function makePlan(spec: Spec, tree?: SpecNode, facts?: DataFacts, machine?: Machine): Planning {
  const report = new Report(tree);
  const table = tableOf(spec, facts);
  const sources = resolveSources(spec, (name, candidates) => report.guesses.nearest(name, candidates));
  const { order, cycles } = orderOf(sources.vertices);
  const { plan, mistakes } = buildNetwork(spec, sources.vertices, order, table);
  checkPlan({ spec, plan, table, sources, order, cycles, mistakes, machine, report });
  return { plan, problems: report.sorted() };
}
