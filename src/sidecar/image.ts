import { Check, shown } from '../input/check';
import { isLate } from '../input/late-value';

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const HOST = new RegExp(`^(\\[[0-9a-fA-F:]+\\]|${LABEL}(?:\\.${LABEL})*)(?::(\\d{1,5}))?$`);
/** Maximum length of registry and repository together. */
const MAX_NAME_LENGTH = 255;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const VERSION = /(?::\w[\w.-]{0,127})?(?:@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?$/;

/**
 * An image name with a tag or digest. Without either, each node runs the image that `latest` named when the node pulled
 * it.
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export const IMAGE: Check = {
  expected: 'an image name',
  cure: () =>
    'Microsoft publishes no image: build one with `docker build node_modules/cdk8s-procdump/image`, or copy ' +
    'ghcr.io/cdk8s-procdump/procdump',
  // A Lazy value is resolved at rendering.
  accepts: (value) => isLate(value) || (typeof value === 'string' && value.trim() !== ''),
  inside: (what, value) => {
    if (!isLate(value)) checkName(what, value as string);
  },
};

function checkName(what: string, image: string): void {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(image)?.[0];
  if (scheme !== undefined) {
    throw new Error(`${what} ${shown(image)} starts with a scheme; expected an image name; remove ${scheme}`);
  }
  const placeholder = /\$\{?\w*|\{\{/.exec(image)?.[0];
  if (placeholder !== undefined) {
    throw new Error(
      `${what} ${shown(image)} contains '${placeholder}', which nothing replaces in a manifest; expected an image ` +
        'name; put the value in, for example process.env.TAG',
    );
  }
  const version = VERSION.exec(image)![0];
  const name = image.slice(0, image.length - version.length);
  const [first, ...rest] = name.split('/');
  // A first component with a dot or port is the registry, whose name may contain upper-case letters.
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = hasHost ? rest.join('/') : name;
  if (/[A-Z]/.test(repository)) {
    throw new Error(
      `${what} ${shown(image)} has upper-case letters in its repository, which container engines refuse; write ` +
        `${shown(image.replace(repository, repository.toLowerCase()))}`,
    );
  }
  if ((hasHost && !isHost(first)) || !REPOSITORY.test(repository) || name.length > MAX_NAME_LENGTH) {
    throw new Error(
      `${what} ${shown(image)} is not an image name; expected a name such as contoso.azurecr.io/procdump:3.5.2; ` +
        'correct it',
    );
  }
  if (version === '') {
    throw new Error(
      `${what} ${shown(image)} has neither tag nor digest; expected one of them; write ` +
        `${shown(`${image}:3.5.2`)}, or the tag that you pushed`,
    );
  }
}

function isHost(text: string): boolean {
  const [matched, , port = '443'] = HOST.exec(text) ?? [];
  return matched !== undefined && Number(port) >= 1 && Number(port) <= 65535;
}
