/** Runs an action. Prefixes the message of an error with the place, and keeps the error as the cause. */
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
