import { existsSync, readFileSync } from 'fs';
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
import { Check, check, shown } from '../input/check';
import { TEXT } from '../input/checks';
import { located } from '../input/located-error';
import { isUnresolvedToken } from '../kubernetes/token';

/** One token of cdktf inside a text. */
const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

const STACK: Check = {
  expected: 'a TerraformStack',
  accepts: (value) => typeof value === 'object' && value !== null && TerraformStack.isStack(value),
};

/** What `terraform output -json` writes. */
interface Outputs {
  readonly [name: string]: { readonly value: unknown } | undefined;
}

/**
 * Puts values that exist only after `terraform apply`, such as the client id of an identity, in the place of their
 * tokens in Kubernetes manifests. It takes them from the file that `terraform output -json` writes; each such value
 * needs a `TerraformOutput`, which `DumpStorage` makes for its own. Values of other stacks are left to other resolvers:
 * give one for each stack.
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
   * @param stack the stack whose values manifests refer to
   * @param file what `terraform output -json` wrote
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
    // cdk8s resolves a replaced value again, endlessly if it did not change.
    if (replaced !== value) context.replaceValue(replaced);
  }

  private valueOf(token: string): string {
    const { expression, stacks } = this.expressionOf(token);
    const output = this.stack.node
      .findAll()
      .filter((construct): construct is TerraformOutput => TerraformOutput.isTerraformOutput(construct))
      .find((candidate) => {
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

  private textOf(name: string, expression: unknown): string {
    this.outputs ??= readOutputs(this.file, this.stack.node.path);
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

/** Remembers which stacks the values come from: their resources may have equal names, and then equal expressions. */
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

/** @throws with what to run */
function readOutputs(file: string, stack: string): Outputs {
  const remedy = `apply stack '${stack}' and run terraform output -json > ${file}`;
  if (!existsSync(file)) {
    throw new Error(
      `found no file '${file}' with the outputs of stack '${stack}'; apply the stack and run terraform output ` +
        `-json > ${file}`,
    );
  }
  const bytes = readFileSync(file);
  if (['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'))) {
    throw new Error(
      `'${file}' is UTF-16, as > of Windows PowerShell writes it, but must be UTF-8; run terraform output -json | ` +
        `Out-File -Encoding utf8 ${file}`,
    );
  }
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') {
    throw new Error(`'${file}' is empty, but must hold the outputs of stack '${stack}'; ${remedy}`);
  }
  const outputs = parsed(text);
  if (typeof outputs === 'object' && outputs !== null && !Array.isArray(outputs)) return outputs as Outputs;
  throw new Error(
    `'${file}' must be a JSON object, as terraform output -json writes it, got ` +
      `${shown(text.trim().slice(0, 40))}; ${remedy}`,
  );
}

/** Undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
