import type { IResolver, ResolutionContext } from 'cdk8s';
import {
  DefaultTokenResolver,
  IPostProcessor,
  IResolvable,
  IResolveContext,
  StringConcat,
  TerraformOutput,
  TerraformStack,
  Tokenization,
} from 'cdktf';
import { Outputs, readOutputs, refuseOtherStorage } from './terraform-outputs';
import { Check, check } from '../input/check';
import { TEXT } from '../input/checks';
import { located } from '../input/located-error';
import { isUnresolvedToken } from '../kubernetes/token';

/** A cdktf token in a string. */
const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

const STACK: Check = {
  expected: 'a TerraformStack',
  accepts: (value) => typeof value === 'object' && value !== null && TerraformStack.isStack(value),
};

/**
 * A resolver that replaces Terraform tokens in Kubernetes manifests with values that are known only after
 * `terraform apply`, such as the client id of an identity. It reads them from the file that `terraform output -json`
 * writes.
 *
 * Each such value needs a `TerraformOutput`; `DumpStorage` creates those for its own values. Add one resolver for each
 * stack: a resolver ignores the values of other stacks.
 *
 * ```ts
 * import { App } from 'cdk8s';
 * import * as azure from 'cdk8s-procdump/azure';
 *
 * declare const storage: azure.DumpStorageStack;
 * const manifests = new App({ resolvers: [new azure.TerraformOutputResolver(storage, 'terraform-output.json')] });
 * ```
 */
export class TerraformOutputResolver implements IResolver {
  private outputs?: Outputs;

  /**
   * @param stack the stack whose values the manifests use
   * @param file the file that `terraform output -json` wrote
   */
  constructor(
    private readonly stack: TerraformStack,
    private readonly file: string,
  ) {
    located('TerraformOutputResolver', () => {
      check('stack', stack, STACK);
      check('file', file, TEXT);
    });
  }

  public resolve(context: ResolutionContext): void {
    const { value } = context;
    if (typeof value !== 'string' || !isUnresolvedToken(value)) return;
    const replaced = value.replace(TOKEN, (token) => this.valueOf(token));
    // cdk8s resolves a replaced value again, which would never end if the value did not change.
    if (replaced !== value) context.replaceValue(replaced);
  }

  private valueOf(token: string): string {
    const { expression, stacks } = this.expressionOf(token);
    const output = this.definedOutputs().find((candidate) => {
      const other = this.expressionOf(candidate.value);
      return other.expression === expression && sameItems(other.stacks, stacks);
    });
    if (output) return this.textOf(output.friendlyUniqueId, expression);
    if (stacks.size > 0 && !stacks.has(this.stack)) return token;
    throw new Error(
      `'${expression}' is used in a manifest, but stack '${this.stack.node.path}' has no TerraformOutput with that ` +
        `value; add one, apply, and write terraform output -json to '${this.file}'`,
    );
  }

  private definedOutputs(): TerraformOutput[] {
    return this.stack.node
      .findAll()
      .filter((construct): construct is TerraformOutput => TerraformOutput.isTerraformOutput(construct));
  }

  /** Reads the file and checks that it belongs to this stack, because all environments have the same output names. */
  private readOutputs(): Outputs {
    const outputs = readOutputs(this.file, this.stack);
    for (const output of this.definedOutputs()) {
      refuseOtherStorage(this.file, outputs, output.friendlyUniqueId, this.expressionOf(output.value).expression);
    }
    return outputs;
  }

  private textOf(name: string, expression: unknown): string {
    this.outputs ??= this.readOutputs();
    const found = this.outputs[name]?.value;
    if ((typeof found === 'string' && found !== '') || typeof found === 'number') return `${found}`;
    const what = found === undefined ? 'no output' : found === '' ? 'an empty text in output' : 'no text in output';
    throw new Error(
      `'${this.file}' has ${what} '${name}', which a manifest needs for '${expression}'; apply the stack and ` +
        'write terraform output -json to it again',
    );
  }

  /** Returns the Terraform expression. Two tokens of one value differ, but their expressions are equal. */
  private expressionOf(value: unknown): { expression: unknown; stacks: Set<unknown> } {
    const resolver = new OriginResolver();
    return {
      expression: Tokenization.resolve(value, { scope: this.stack, resolver, preparing: false }),
      stacks: resolver.stacks,
    };
  }
}

/**
 * A resolver that records the stacks of the values, because resources of two stacks can have the same names and
 * expressions.
 */
class OriginResolver extends DefaultTokenResolver {
  public readonly stacks = new Set<unknown>();

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const { originStack } = token as { originStack?: unknown };
    if (originStack !== undefined) this.stacks.add(originStack);
    return super.resolveToken(token, context, postProcessor);
  }
}

function sameItems(some: Set<unknown>, others: Set<unknown>): boolean {
  return some.size === others.size && [...some].every((item) => others.has(item));
}
