/** One field of a pod that violates a Pod Security level. */
export interface PodSecurityViolation {
  /**
   * The container that the field belongs to.
   *
   * @default - the field belongs to the pod as a whole
   */
  readonly container?: string;

  /** Path of the field, for example `spec.containers[procdump].securityContext.capabilities.add`. */
  readonly field: string;

  /** The violating value, or `unset`. */
  readonly value: string;

  /** The values that the level allows. */
  readonly expected: string;
}

/**
 * A pod or pod template, in the form that the API server receives.
 *
 * @internal
 */
export interface RenderedPod {
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

/** A node of the manifest with its path, so that a rule names each field only once. */
export interface Scope {
  readonly container?: string;
  readonly path: string;
  readonly wire: unknown;
}

export interface Subject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Scope;
  readonly containers: readonly Scope[];
  readonly everyone: readonly Scope[];
}

export type Check = (subject: Subject) => PodSecurityViolation[];
export type Test = (value: unknown) => boolean;

export function subjectOf({ metadata, spec }: RenderedPod): Subject {
  const pod: Scope = { path: 'spec', wire: spec };
  const containers = ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((field) => elements(pod, field))
    .map((scope) => ({ ...scope, container: String(at(scope.wire, 'name')) }));
  const { annotations = {}, labels = {} } = metadata ?? {};
  return { annotations, labels, pod, containers, everyone: [pod, ...containers] };
}

// Root in a user namespace is nobody on the node, so the rule does not apply; its capabilities are still checked.
export function hasUserNamespace({ pod }: Subject): boolean {
  return at(pod.wire, 'hostUsers') === false;
}

export function violationsOf(
  scopes: readonly Scope[],
  field: string,
  admits: Test,
  expected: string,
): PodSecurityViolation[] {
  return scopes
    .filter((scope) => !admits(at(scope.wire, field)))
    .map((scope) => violation(scope, field, at(scope.wire, field), expected));
}

// A container without a value inherits the pod's value, so an invalid value of the pod is reported once, for the pod.
export function refuseUnlessInherited(
  { pod, containers }: Subject,
  field: string,
  admits: Test,
  expected: string,
): PodSecurityViolation[] {
  const podIsSilent = isUnset(at(pod.wire, field));
  return [
    ...violationsOf([pod], field, orUnset(admits), expected),
    ...violationsOf(containers, field, podIsSilent ? admits : orUnset(admits), expected),
  ];
}

export function violation(
  { container, path }: Scope,
  field: string,
  value: unknown,
  expected: string,
): PodSecurityViolation {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'unset');
  return { ...(container === undefined ? {} : { container }), field: `${path}.${field}`, value: text, expected };
}

export function elements(parent: Scope, field: string): Scope[] {
  return list(parent, field).map((wire, index) => ({
    container: parent.container,
    path: `${parent.path}.${field}[${at(wire, 'name') ?? index}]`,
    wire,
  }));
}

export function list(scope: Scope, field: string): unknown[] {
  const value = at(scope.wire, field);
  return Array.isArray(value) ? value : [];
}

/** Returns the value at a dotted path. Null counts as unset, as in the API server. */
export function at(wire: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key] ?? undefined, wire);
}

export function oneOf(values: readonly unknown[]): Test {
  return (value) => values.includes(value);
}

export function orUnset(test: Test): Test {
  return (value) => isUnset(value) || test(value);
}

export function isUnset(value: unknown): boolean {
  return value === undefined;
}

export function isNotTrue(value: unknown): boolean {
  return value !== true;
}
