import { DefaultTokenResolver, StringConcat, TerraformStack, Testing, Tokenization } from 'cdktf';
import { stackWith } from './stacks';
import type { DumpStorageStackProps } from '../../src/azure';
import type { JsonObject } from '../../src/kubernetes/wire';
import { messageOf } from '../pods';

/** What Terraform gets. */
export function terraformOf(stack: TerraformStack): JsonObject {
  return JSON.parse(Testing.synth(stack));
}

/** The text of it for the default stack but for these, which the matchers of cdktf take. */
export function synthesizedWith(props: Partial<DumpStorageStackProps> = {}): string {
  return Testing.synth(stackWith(props)(Testing.app()));
}

/** What Terraform gets for the default stack but for these. */
export function terraformWith(props: Partial<DumpStorageStackProps> = {}): JsonObject {
  return terraformOf(stackWith(props)(Testing.app()));
}

/** Addresses of all resources, such as `azurerm_storage_account.storage_Account_23C83E35`. */
export function addresses(terraform: JsonObject): string[] {
  return Object.entries<JsonObject>(terraform.resource).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
}

/** Address of a resource of the storage in `DumpStorageStack`, by the id of its construct. */
export function addressOf(terraform: JsonObject, id: string): string {
  const found = addresses(terraform).filter((address) => new RegExp(`\\.storage_${id}_[0-9A-F]{8}$`).test(address));
  expect(found).toHaveLength(1);
  return found[0];
}

/** That resource. */
export function resource(terraform: JsonObject, id: string): JsonObject {
  const [type, name] = addressOf(terraform, id).split('.');
  return terraform.resource[type][name];
}

/** Resources of a type. */
export function resources(terraform: JsonObject, type: string): JsonObject[] {
  return Object.values(terraform.resource[type] ?? {});
}

/** A value with its tokens as Terraform gets them. */
export function resolved(scope: TerraformStack, value: unknown): unknown {
  return Tokenization.resolve(value, {
    scope,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}

/** The message for the default stack with these props, without the path of the construct. */
export function refusal(props: Partial<DumpStorageStackProps>): string {
  const message = messageOf(() => stackWith(props)(Testing.app()));
  const prefix = /^dumps(\/storage)?: /;
  expect(message).toMatch(prefix);
  return message.replace(prefix, '');
}
