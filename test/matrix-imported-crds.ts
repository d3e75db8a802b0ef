// As `cdk8s import` writes constructs of custom resources: the renderer of each class passes only the fields that its
// schema knows.
import { ApiObject, ApiObjectMetadata, GroupVersionKind } from 'cdk8s';
import { Construct } from 'constructs';
import type { JsonObject } from '../src/kubernetes/wire';

interface TemplatedProps {
  readonly metadata?: ApiObjectMetadata;
  readonly spec?: TemplatedSpec;
}

interface TemplatedSpec {
  readonly replicas?: number;
  readonly selector?: JsonObject;
  readonly strategy?: JsonObject;
  /** Custom resources that keep unknown fields: `any` to the importer. */
  readonly template?: JsonObject;
}

/* eslint-disable @stylistic/quote-props */
function toJson_TemplatedProps(obj: TemplatedProps): JsonObject {
  const result: JsonObject = {
    metadata: obj.metadata,
    spec: toJson_TemplatedSpec(obj.spec),
  };
  return Object.entries(result).reduce((r, i) => (i[1] === undefined ? r : { ...r, [i[0]]: i[1] }), {});
}

function toJson_TemplatedSpec(obj: TemplatedSpec | undefined): JsonObject | undefined {
  if (obj === undefined) {
    return undefined;
  }
  const result: JsonObject = {
    replicas: obj.replicas,
    selector: obj.selector,
    strategy: obj.strategy,
    template: obj.template,
  };
  return Object.entries(result).reduce((r, i) => (i[1] === undefined ? r : { ...r, [i[0]]: i[1] }), {});
}
/* eslint-enable @stylistic/quote-props */

/** @schema Rollout */
export class Rollout extends ApiObject {
  public static readonly GVK: GroupVersionKind = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };

  constructor(scope: Construct, id: string, props: TemplatedProps = {}) {
    super(scope, id, { ...Rollout.GVK, ...props });
  }

  public toJson(): JsonObject {
    return { ...Rollout.GVK, ...toJson_TemplatedProps(super.toJson()) };
  }
}

/** @schema Service */
export class Service extends ApiObject {
  public static readonly GVK: GroupVersionKind = { apiVersion: 'serving.knative.dev/v1', kind: 'Service' };

  constructor(scope: Construct, id: string, props: TemplatedProps = {}) {
    super(scope, id, { ...Service.GVK, ...props });
  }

  public toJson(): JsonObject {
    return { ...Service.GVK, ...toJson_TemplatedProps(super.toJson()) };
  }
}

/** @schema CloneSet */
export class CloneSet extends ApiObject {
  public static readonly GVK: GroupVersionKind = { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet' };

  constructor(scope: Construct, id: string, props: TemplatedProps = {}) {
    super(scope, id, { ...CloneSet.GVK, ...props });
  }

  public toJson(): JsonObject {
    return { ...CloneSet.GVK, ...toJson_TemplatedProps(super.toJson()) };
  }
}
