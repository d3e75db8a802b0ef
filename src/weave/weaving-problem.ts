import { causeOf, messageOf, withCause } from '../input/located-error';

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

/**
 * An error about one construct and one workload. Its fields are not enumerable, because Node prints those that are;
 * another copy of this library may read them.
 */
export class WeavingProblem extends Error {
  public readonly place: Place;
  /** The problem. */
  public readonly problem: string;
  /** The change to make; empty if the error does not contain one. */
  public readonly remedy: string;
  /** Whether the workload is at fault, not the request. */
  public readonly isAboutWorkload: boolean;

  constructor(place: Place, error: unknown) {
    const message = messageOf(error);
    super(`${place.construct}: ${place.workload}: ${message}`);
    // Checks the shape instead of using instanceof, because another copy of this library may have thrown it.
    const { problem, remedy } = (error ?? {}) as { problem?: string; remedy?: string };
    const end = message.lastIndexOf('; ');
    this.place = place;
    this.problem = problem ?? (end < 0 ? message : message.slice(0, end));
    this.remedy = remedy ?? (end < 0 ? '' : message.slice(end + 2).replace(/^or /, ''));
    this.isAboutWorkload = problem !== undefined;
    for (const field of Object.keys(this)) Object.defineProperty(this, field, { enumerable: false });
    withCause(this, causeOf(error));
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
  return withCauseOf(problems, text);
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
  const { place, isAboutWorkload, message } = problem;
  const alternative = `; or leave this workload out of '${place.tree}': ${LEAVE_OUT}`;
  return withCauseOf([problem], place.tree !== undefined && isAboutWorkload ? `${message}${alternative}` : message);
}

/** Returns an error with the first unexpected error of all problems as its cause. */
function withCauseOf(problems: WeavingProblem[], message: string): Error {
  const causes = problems.map((problem) => (problem as { readonly cause?: unknown }).cause);
  return withCause(
    new Error(message),
    causes.find((cause) => cause !== undefined),
  );
}

const LEAVE_OUT =
  `choose by labels or kinds, give it the annotation ${INJECT_ANNOTATION}: "false", or use unsuitable: ` +
  'UnsuitableWorkloads.SKIP';
