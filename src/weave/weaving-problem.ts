import { messageOf } from '../input/located-error';

/** Annotation of a workload or its pod template. The value "false" leaves the pod unchanged. */
export const INJECT_ANNOTATION = 'cdk8s-procdump/inject';

/** A pod template that a construct cannot be added to. */
export interface Place {
  /** Path of the construct. */
  readonly construct: string;
  /** Kind, name and path of the workload. */
  readonly workload: string;
  /** Path of the tree in which the workload was found; undefined for a workload that was named. */
  readonly tree?: string;
}

/** An error about one construct and one workload. */
export class WeavingProblem extends Error {
  /** The problem. */
  public readonly problem: string;
  /** The change to make; empty if the error does not contain one. */
  public readonly remedy: string;

  constructor(
    readonly place: Place,
    readonly cause: unknown,
  ) {
    super(`${place.construct}: ${place.workload}: ${messageOf(cause)}`);
    // Checks the shape instead of using instanceof, because another copy of this library may have thrown it.
    const { problem, remedy } = cause as { problem?: string; remedy?: string };
    const message = messageOf(cause);
    const end = message.lastIndexOf('; ');
    this.problem = problem ?? (end < 0 ? message : message.slice(0, end));
    this.remedy = remedy ?? (end < 0 ? '' : message.slice(end + 2).replace(/^or /, ''));
  }
}

/** Returns one error for all problems of an app, grouped by the change to make. */
export function together(problems: WeavingProblem[]): Error {
  if (problems.length === 1) return single(problems[0]);
  const groups = new Map<string, WeavingProblem[]>();
  for (const problem of problems) groups.set(problem.remedy, [...(groups.get(problem.remedy) ?? []), problem]);
  const paragraphs = [...groups]
    .sort(([, one], [, two]) => two.length - one.length)
    .map(([remedy, group]) => [title(group, remedy), ...group.map(line)].join('\n'));
  const tree = problems.find(({ place }) => place.tree !== undefined)?.place.tree;
  const alternative = tree === undefined ? [] : [`to leave a workload out of '${tree}': ${LEAVE_OUT}`];
  const text = [`found ${problems.length} problems of workloads:`, ...paragraphs, ...alternative].join('\n\n');
  return Object.assign(new Error(text), { cause: problems[0] });
}

function title(group: WeavingProblem[], remedy: string): string {
  const count = group.length === 1 ? '1 workload' : `${group.length} workloads`;
  return remedy === '' ? `${count}:` : `${count}: ${remedy}:`;
}

function line({ place, problem }: WeavingProblem): string {
  return `  ${place.construct}: ${place.workload}: ${problem}`;
}

/** Only an error about the workload offers to leave it out: other errors are about the request. */
function single(problem: WeavingProblem): Error {
  const { place, cause, message } = problem;
  const isAboutWorkload = (cause as { problem?: string }).problem !== undefined;
  if (place.tree === undefined || !isAboutWorkload) return problem;
  return Object.assign(new Error(`${message}; or leave this workload out of '${place.tree}': ${LEAVE_OUT}`), { cause });
}

const LEAVE_OUT =
  `choose by labels or kinds, give it the annotation ${INJECT_ANNOTATION}: "false", or use unsuitable: ` +
  'UnsuitableWorkloads.SKIP';
