import { canonical } from '../wire';

/** A value of Terraform that nothing has resolved would reach the cluster as it is. */
export function refuseUnresolvedTokens<T>(json: T): T {
  const token = /[^"]*\$\{TfToken\[[^"]*/.exec(canonical(json));
  if (token) {
    throw new Error(`'${token[0]}' holds a value that Terraform knows only after apply, and nothing in this app resolves it; give the App a resolver for it, `
      + 'such as azure.TerraformOutputResolver, or the value itself');
  }
  return json;
}
