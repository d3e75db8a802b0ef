/** Runs an action; what it throws gets a place in front of its message, and stays with its stack as the cause. */
export function located<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw Object.assign(new Error(`${place}: ${messageOf(error)}`), { cause: error });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}
