import { existsSync, readFileSync } from 'fs';
import type { TerraformStack } from 'cdktf';
import { shown } from '../input/check';
import type { AzureFilesShare } from '../stores/azure-files/share';

/** The output of `terraform output -json`. */
export interface Outputs {
  readonly [name: string]: { readonly value: unknown } | undefined;
}

interface JsonMap {
  readonly [name: string]: unknown;
}

/** Fields that identify a share, or the identity that mounts it. */
const IDENTIFYING: (keyof AzureFilesShare)[] = [
  'storageAccountName',
  'shareName',
  'resourceGroupName',
  'subscriptionId',
  'clientId',
  'serviceAccountName',
  'serviceAccountNamespaces',
];

/**
 * @param name the name of an output of the stack
 * @param expected the value of the output, with expressions for values that Terraform computes
 * @throws if the output describes a share, and the file contains a different one
 */
export function refuseOtherStorage(file: string, outputs: Outputs, name: string, expected: unknown): void {
  const found = outputs[name]?.value;
  if (!isShare(expected) || !isShare(found)) return;
  for (const field of IDENTIFYING) {
    const [ours, theirs] = [comparable(expected[field]), comparable(found[field])];
    if (ours === undefined || ours.includes('${') || ours === theirs) continue;
    throw new Error(
      `'${file}' has ${theirs === undefined ? `no ${field}` : `${field} ${theirs}`} in output '${name}', but the ` +
        `stack has ${ours}; expected the outputs of this stack as it is now; take the file of its environment, or ` +
        'apply the stack and write terraform output -json to it again',
    );
  }
  const client = outputs[name.replace(/share(_[a-z0-9-]+)?$/, 'clientId$1')]?.value;
  if (client === undefined || found.clientId === undefined || client === found.clientId) return;
  throw new Error(
    `'${file}' has clientId ${shown(found.clientId)} in output '${name}', but ${shown(client)} as output of its own; ` +
      'expected one identity; write terraform output -json to it again',
  );
}

function isShare(value: unknown): value is JsonMap {
  return isObject(value) && 'storageAccountName' in value && 'shareName' in value;
}

/** Ignores the order of namespaces. */
function comparable(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
}

function isObject(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `cdktf output` writes plain values under the name of each stack. */
function refuseWrapped(file: string, outputs: JsonMap, stack: string): void {
  const wrapped = outputs[stack];
  if (!isObject(wrapped) || 'value' in wrapped) return;
  throw new Error(
    `'${file}' has the outputs below '${stack}', as cdktf output --outputs-file writes them; expected those of ` +
      `terraform output -json; run terraform -chdir=cdktf.out/stacks/${stack} output -json > ${file}`,
  );
}

/** @throws with the command to run */
export function readOutputs(file: string, { node }: TerraformStack): Outputs {
  const stack = node.path;
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
  if (isObject(outputs)) {
    refuseWrapped(file, outputs, node.id);
    return outputs as unknown as Outputs;
  }
  throw new Error(
    `'${file}' must be a JSON object, as terraform output -json writes it, got ` +
      `${shown(text.trim().slice(0, 40))}; ${remedy}`,
  );
}

/** Returns undefined for invalid JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
