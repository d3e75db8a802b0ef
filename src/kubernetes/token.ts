/** How cdktf marks a value in a text, `$`; a list, `#`; and the key of a map, `&`. */
const MARK = '{TfToken[';
/** How it marks a number and an item of a list of numbers: by the first two bytes of a double that nobody writes. */
const NUMBER_MARKS = [0xfdff, 0xfbff];
const LARGEST_MARKED_NUMBER = -1e288;
const DOUBLE = new DataView(new ArrayBuffer(8));

/** Names that the CSI driver of Azure Files puts into the names of shares and folders that it makes. */
export const DRIVER_PLACEHOLDER = /\$\{(?:pvc\.metadata\.name|pvc\.metadata\.namespace|pv\.metadata\.name)\}/g;

/** A value of Terraform that nothing has resolved would reach the cluster as it is. */
export function refuseUnresolvedTokens<T>(json: T): T {
  return refuseWhere(json, isUnresolvedToken);
}

/** The same for what holds no text of programs or shells, in which `${…}` can only be an expression of Terraform. */
export function refuseUnresolvedExpressions<T>(json: T): T {
  return refuseWhere(
    json,
    (value) =>
      isUnresolvedToken(value) || (typeof value === 'string' && value.replace(DRIVER_PLACEHOLDER, '').includes('${')),
  );
}

type Test = (value: unknown) => boolean;

function refuseWhere<T>(json: T, test: Test): T {
  const found = find(json, test);
  if (found === undefined) return json;
  throw new Error(
    `'${found}' holds a value that Terraform knows only after apply, and nothing in this app resolves it; give ` +
      'the App a resolver for it, such as azure.TerraformOutputResolver, or the value itself',
  );
}

/** The first such value or key. Makes nothing on its way: it goes through every workload. */
function find(value: unknown, test: Test): unknown {
  if (typeof value !== 'object' || value === null) return test(value) ? value : undefined;
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = find(item, test);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const key in value) {
    const found = test(key) ? key : find((value as { [key: string]: unknown })[key], test);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether this text or number stands for a value of cdktf. */
export function isUnresolvedToken(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(MARK);
  if (typeof value !== 'number' || value > LARGEST_MARKED_NUMBER) return false;
  DOUBLE.setFloat64(0, value);
  return NUMBER_MARKS.includes(DOUBLE.getUint16(0));
}
