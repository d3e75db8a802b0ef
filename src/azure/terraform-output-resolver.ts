import { existsSync, readFileSync } from 'fs';
import type { IResolver, ResolutionContext } from 'cdk8s';
import { DefaultTokenResolver, StringConcat, TerraformOutput, TerraformStack, Tokenization } from 'cdktf';

/** One token of cdktf inside a text. */
const TOKEN = /\$\{TfToken\[[^\]]*\]\}/g;

/**
 * Puts values that exist only after `terraform apply`, such as the client id of an identity, in the place of their tokens in Kubernetes
 * manifests. It takes them from the file that `terraform output -json` writes; each such value needs a `TerraformOutput`, which `DumpStorage`
 * makes for its own.
 *
 * ```ts
 * const manifests = new App({ resolvers: [new azure.TerraformOutputResolver(stack, 'terraform-output.json')] });
 * ```
 */
export class TerraformOutputResolver implements IResolver {
  private outputs?: { [name: string]: { value: unknown } };

  /**
   * @param stack the stack whose values manifests refer to
   * @param file what `terraform output -json` wrote
   */
  constructor(private readonly stack: TerraformStack, private readonly file: string) {}

  public resolve(context: ResolutionContext): void {
    const { value } = context;
    if (typeof value !== 'string' || !value.includes('${TfToken[')) return;
    context.replaceValue(value.replace(TOKEN, (token) => this.valueOf(token)));
  }

  private valueOf(token: string): string {
    const expression = this.expressionOf(token);
    const output = this.stack.node.findAll()
      .filter((construct): construct is TerraformOutput => TerraformOutput.isTerraformOutput(construct))
      .find((candidate) => this.expressionOf(candidate.value) === expression);
    if (!output) {
      throw new Error(`'${expression}' is in a manifest, but stack '${this.stack.node.path}' has no TerraformOutput with that value; add one, apply, and write `
        + `terraform output -json to '${this.file}'`);
    }
    const name = output.friendlyUniqueId;
    const found = this.read()[name]?.value;
    if (typeof found === 'string' || typeof found === 'number') return `${found}`;
    throw new Error(`'${this.file}' has ${found === undefined ? 'no output' : 'no text in output'} '${name}', which a manifest needs for '${expression}'; apply the stack and write `
      + 'terraform output -json to it again');
  }

  /** What stands in the Terraform program: two tokens of one value differ, their expressions do not. */
  private expressionOf(value: unknown): string {
    return Tokenization.resolve(value, { scope: this.stack, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false });
  }

  private read(): { [name: string]: { value: unknown } } {
    if (!existsSync(this.file)) {
      throw new Error(`found no file '${this.file}' with the outputs of stack '${this.stack.node.path}'; apply the stack and run terraform output -json > ${this.file}`);
    }
    this.outputs ??= JSON.parse(readFileSync(this.file, 'utf8'));
    return this.outputs!;
  }
}
