/** cdktf's marker in a text (`$`), a list (`#`) and the key of a map (`&`). */
const MARK = '{TfToken[';
/** cdktf's marker in a number and in an item of a list of numbers: the first two bytes of a double. */
const NUMBER_MARKS = [0xfdff, 0xfbff];
const LARGEST_MARKED_NUMBER = -1e288;
const DOUBLE = new DataView(new ArrayBuffer(8));

/** Placeholders that the Azure Files CSI driver replaces in the names of shares and folders that it creates. */
export const DRIVER_PLACEHOLDER = /\$\{(?:pvc\.metadata\.name|pvc\.metadata\.namespace|pv\.metadata\.name)\}/g;

/** Refuses unresolved Terraform tokens, which would reach the cluster as text. */
export function refuseUnresolvedTokens<T>(json: T): T {
  return refuseWhere(json, isUnresolvedToken, '');
}

/**
 * Also refuses Terraform expressions, in JSON without program or shell text, where `${…}` has no other meaning.
 *
 * @param what the prop that holds the JSON, for the message; empty if it is the props or an object
 */
export function refuseUnresolvedExpressions<T>(json: T, what = ''): T {
  return refuseWhere(
    json,
    (value) =>
      isUnresolvedToken(value) || (typeof value === 'string' && value.replace(DRIVER_PLACEHOLDER, '').includes('${')),
    what,
  );
}

type Test = (value: unknown) => boolean;

function refuseWhere<T>(json: T, test: Test, what: string): T {
  const found = find(json, test);
  if (found === undefined) return json;
  const place = placeOf(found, json, what);
  if (typeof found === 'function') {
    throw new Error(
      `${place ?? 'a value'} is a Lazy of another copy of cdk8s than the App, so nothing resolves it; expected one ` +
        'copy of cdk8s; run `npm ls cdk8s`, and install one version',
    );
  }
  const [holder, value] = place === undefined ? [`'${found}'`, ''] : [place, ` ('${found}')`];
  throw new Error(
    `${holder} holds a value that Terraform knows only after apply${value}, but nothing in this app resolves it; ` +
      'give the App a resolver, such as azure.TerraformOutputResolver, or use the value itself',
  );
}

/** Returns the path of a value that `find` has found; undefined for the JSON itself, and for a key. */
function placeOf(found: unknown, value: unknown, path: string): string | undefined {
  if (value === found) return path === '' ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  if ((value as { readonly produce?: unknown }).produce === found) return path === '' ? undefined : path;
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `['${key}']`;
    const place = placeOf(found, item, path === '' && step.startsWith('.') ? key : `${path}${step}`);
    if (place !== undefined) return place;
  }
  return undefined;
}

/**
 * Returns the first matching value or key, or the method of a Lazy, which cdk8s does not resolve if it comes from
 * another copy. Allocates nothing, because it visits every workload.
 */
function find(value: unknown, test: Test): unknown {
  if (typeof value !== 'object' || value === null) return test(value) ? value : undefined;
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = find(item, test);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const { produce } = value as { readonly produce?: unknown };
  if (typeof produce === 'function') return produce;
  for (const key in value) {
    const found = test(key) ? key : find((value as { [key: string]: unknown })[key], test);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns whether a text or number represents a value of cdktf. */
export function isUnresolvedToken(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(MARK);
  if (typeof value !== 'number' || value > LARGEST_MARKED_NUMBER) return false;
  DOUBLE.setFloat64(0, value);
  return NUMBER_MARKS.includes(DOUBLE.getUint16(0));
}
