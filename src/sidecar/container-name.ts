import { matching } from '../input/checks';

/** Volume names start with the container name, so it leaves room for the longest suffix. */
export const CONTAINER_NAME = matching({
  pattern: /^(?=.{1,51}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  expected: 'at most 51 lower-case letters, digits and dashes, that start and end with a letter or digit',
});
