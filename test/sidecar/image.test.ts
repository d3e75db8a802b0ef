import { Lazy } from 'cdk8s';
import { check } from '../../src/input/check';
import { IMAGE } from '../../src/sidecar/image';
import { messageOf } from '../pods';

const DIGEST = `sha256:${'0'.repeat(64)}`;

test.each([
  'procdump:3.5.2',
  'procdump:latest',
  `procdump@${DIGEST}`,
  `contoso.azurecr.io/tools/procdump:3.5.2@${DIGEST}`,
  'localhost/procdump:1',
  'localhost:5000/procdump:1',
  'registry:5000/a/b-c/d_e/f.g:1',
  '[fd00::1]:5000/procdump:1',
  'Contoso.azurecr.io/procdump:V1_2',
  Lazy.any({ produce: () => 'procdump:1' }) as unknown as string,
  '${TfToken[TOKEN.1]}',
])('takes %s', (image) => {
  expect(() => check('image', image, IMAGE)).not.toThrow();
});

test.each<[unknown, string]>([
  [
    'procdump',
    'image "procdump" has neither tag nor digest; expected one of them; write "procdump:3.5.2", or the tag that ' +
      'you pushed',
  ],
  [
    'registry:5000/procdump',
    'image "registry:5000/procdump" has neither tag nor digest; expected one of them; write ' +
      '"registry:5000/procdump:3.5.2", or the tag that you pushed',
  ],
  [
    'https://contoso.azurecr.io/procdump:1',
    'image "https://contoso.azurecr.io/procdump:1" starts with a scheme; expected an image name; remove https://',
  ],
  ['docker://procdump:1', 'image "docker://procdump:1" starts with a scheme; expected an image name; remove docker://'],
  [
    'Contoso/procdump:1',
    'image "Contoso/procdump:1" has upper-case letters in its repository, which container engines refuse; write ' +
      '"contoso/procdump:1"',
  ],
  [
    'contoso.azurecr.io/ProcDump:1',
    'image "contoso.azurecr.io/ProcDump:1" has upper-case letters in its repository, which container engines ' +
      'refuse; write "contoso.azurecr.io/procdump:1"',
  ],
  [
    'a b:1',
    'image "a b:1" is not an image name; expected a name such as contoso.azurecr.io/procdump:3.5.2; correct it',
  ],
  [
    'procdump:',
    'image "procdump:" is not an image name; expected a name such as contoso.azurecr.io/procdump:3.5.2; correct it',
  ],
  [
    '/procdump:1',
    'image "/procdump:1" is not an image name; expected a name such as contoso.azurecr.io/procdump:3.5.2; correct ' +
      'it',
  ],
  [
    `procdump@sha256:${'0'.repeat(8)}`,
    `image "procdump@sha256:${'0'.repeat(8)}" is not an image name; expected a name such as ` +
      'contoso.azurecr.io/procdump:3.5.2; correct it',
  ],
])('refuses %j', (image, message) => {
  expect(messageOf(() => check('image', image, IMAGE))).toBe(message);
});
