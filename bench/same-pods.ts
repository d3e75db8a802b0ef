/**
 * Returns JSON with lists sorted by the names of their items and sizes in mebibytes, to compare the output of tools.
 */
export function normalized(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalized);
    return items.every((item) => typeof item === 'object')
      ? items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      : items;
  }
  if (value === '1Gi') return '1024Mi';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalized(item)]));
}

function keyOf(item: unknown): string {
  const { name, mountPath, metadata } = item as { name?: string; mountPath?: string; metadata?: { name?: string } };
  return mountPath ?? name ?? metadata?.name ?? '';
}
