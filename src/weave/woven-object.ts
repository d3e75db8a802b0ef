import { ApiObject } from 'cdk8s';
import type { PodContributor } from './pod-contributor';
import { PrintedHints } from './printed-hints';
import { Weaving } from './weaving';
import { together, WeavingProblem } from './weaving-problem';
import type { JsonObject } from '../kubernetes/wire';

/** Key of the woven object, shared by all copies of this library in an app. */
const WOVEN_OBJECT = Symbol.for('cdk8s-procdump.WovenObject');

/** All woven objects of an app. */
export interface WovenObjects {
  woven(): WovenObject[];
}

/**
 * An API object with pod templates. Intercepts the rendering of that one object: its own renderer runs first, then the
 * contributions of constructs are merged into the final JSON. Patches before the generated renderers would lose fields.
 */
export class WovenObject {
  /** @param app the other woven objects, for reporting all problems together */
  public static of(object: ApiObject, app: WovenObjects): WovenObject {
    const known = (object as unknown as { [WOVEN_OBJECT]?: WovenObject })[WOVEN_OBJECT];
    return known ?? new WovenObject(object, app);
  }

  /** Returns the function that renders an object without contributions. */
  public static renderer(object: ApiObject): () => JsonObject {
    const known = (object as unknown as { [WOVEN_OBJECT]?: WovenObject })[WOVEN_OBJECT];
    return known?.render ?? (() => object.toJson());
  }

  /** Renders the object without contributions. */
  public readonly render: () => JsonObject;
  private readonly contributors: PodContributor[] = [];

  private constructor(
    public readonly object: ApiObject,
    private readonly app: WovenObjects,
  ) {
    this.render = object.toJson.bind(object);
    Object.defineProperty(object, WOVEN_OBJECT, { value: this });
    const toJson = (): JsonObject => this.finished(toJson);
    Object.defineProperty(object, 'toJson', { value: toJson, configurable: true, writable: true });
  }

  public add(contributor: PodContributor): void {
    this.contributors.push(contributor);
  }

  public weave(json = this.render()): Weaving {
    return Weaving.of(this.object, json, this.contributors);
  }

  /** Returns no problems for an object that cannot be rendered; its error is thrown when synth renders it. */
  public problems(): WeavingProblem[] {
    try {
      return this.weave().problems;
    } catch {
      return [];
    }
  }

  /**
   * @param caller the function whose caller is the first in the stack of an error: ten frames have to reach the user's
   * @throws with the problems of all objects of the app, so that one synth reports them all
   */
  private finished(caller: () => JsonObject): JsonObject {
    const weaving = this.weave();
    if (weaving.problems.length > 0) {
      const others = this.app.woven().filter((other) => other !== this);
      const error = together([...weaving.problems, ...others.flatMap((other) => other.problems())]);
      Error.captureStackTrace(error, caller);
      throw error;
    }
    const printed = PrintedHints.of(this.app);
    for (const { contributor, location, contribution } of weaving.steps) {
      for (const hint of contribution.hints ?? []) {
        printed.hint(contributor.path, hint, () => weaving.placeOf(contributor, location).workload);
      }
    }
    for (const { contributor, location, reason, hint } of weaving.skips) {
      if (hint) printed.skip(weaving.placeOf(contributor, location), reason);
    }
    return weaving.result;
  }
}
