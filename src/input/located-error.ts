import { dirname } from 'path';

/** The folder of this library. */
const LIBRARY = dirname(__dirname);
const OTHER_COPY = /[\\/]node_modules[\\/]cdk8s-procdump[\\/]/;

/** Runs an action. Prefixes the message of an error with the place. */
export function located<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw withCause(new Error(`${place}: ${messageOf(error)}`), causeOf(error));
  }
}

/**
 * Returns what a new error should keep as its cause: an unexpected error. The error of a check is not kept: Node prints
 * causes after the message, and the stack of a check would bury what the user has to read.
 */
export function causeOf(error: unknown): unknown {
  return isOwn(error) ? (error as { readonly cause?: unknown }).cause : error;
}

export function withCause<E extends Error>(error: E, cause: unknown): E {
  return cause === undefined ? error : Object.defineProperty(error, 'cause', { value: cause });
}

/** Returns whether a check of this library made an error, not the code of a user or of another library. */
function isOwn(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'Error') return false;
  const [, frame = ''] = /^\s+at (.*)$/m.exec(error.stack ?? '') ?? [];
  return frame.includes(LIBRARY) || OTHER_COPY.test(frame);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}
