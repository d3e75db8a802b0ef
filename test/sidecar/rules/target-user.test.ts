import { ProcDumpTarget } from '../../../src/capture/procdump-target';
import { TargetAccess } from '../../../src/capture/target-access';
import type { ContainerJson, JsonObject } from '../../../src/kubernetes/wire';
import { refuseRootBesideDotnet, resolveSidecarUser } from '../../../src/sidecar/rules/target-user';
import { messageOf } from '../../pods';

const container = (securityContext?: JsonObject): ContainerJson => ({ name: 'web', securityContext });
const pod = (securityContext?: JsonObject) => ({ securityContext });
const FIND =
  '`kubectl exec POD -c CONTAINER -- id` prints it, and `docker image inspect --format {{.Config.User}} IMAGE` too';
const sameUser = TargetAccess.sameUser();

describe('sameUser', () => {
  test.each([
    [
      "the container's user and group",
      sameUser,
      { runAsUser: 1000, runAsGroup: 2000 },
      undefined,
      { uid: 1000, gid: 2000 },
    ],
    [
      "the pod's user and group, where the container has none",
      sameUser,
      undefined,
      { runAsUser: 1000, runAsGroup: 2000 },
      { uid: 1000, gid: 2000 },
    ],
    [
      "the container's user before the pod's",
      sameUser,
      { runAsUser: 1000 },
      { runAsUser: 1001, runAsGroup: 2000 },
      { uid: 1000, gid: 2000 },
    ],
    [
      "the container's group before the pod's",
      sameUser,
      { runAsGroup: 2000 },
      { runAsUser: 1000, runAsGroup: 2001 },
      { uid: 1000, gid: 2000 },
    ],
    [
      'the given user and group, where the manifest leaves them to the image',
      TargetAccess.sameUser({ uid: 1000, gid: 2000 }),
      undefined,
      undefined,
      { uid: 1000, gid: 2000 },
    ],
    [
      'the given group beside the user of the manifest',
      TargetAccess.sameUser({ gid: 2000 }),
      { runAsUser: 1000 },
      undefined,
      { uid: 1000, gid: 2000 },
    ],
    [
      'the given user where the manifest says the same',
      TargetAccess.sameUser({ uid: 1000, gid: 2000 }),
      { runAsUser: 1000, runAsGroup: 2000 },
      undefined,
      { uid: 1000, gid: 2000 },
    ],
    ['the group of the .NET images for their user', sameUser, { runAsUser: 1654 }, undefined, { uid: 1654, gid: 1654 }],
    [
      'another group for the user of the .NET images, where it is named',
      sameUser,
      { runAsUser: 1654, runAsGroup: 2000 },
      undefined,
      { uid: 1654, gid: 2000 },
    ],
    [
      'the group of root for another user',
      sameUser,
      { runAsUser: 1654, runAsGroup: 0 },
      undefined,
      { uid: 1654, gid: 0 },
    ],
  ])('takes %s', (_, access, inContainer, inPod, expected) => {
    expect(resolveSidecarUser(access, container(inContainer), pod(inPod), true)).toMatchObject(expected);
  });

  test('refuses a user that is known to the image alone', () => {
    expect(() => resolveSidecarUser(sameUser, container({ runAsNonRoot: true }), pod({ fsGroup: 2000 }), true)).toThrow(
      new Error(
        "the user of container 'web' is not known at synth, but ProcDump can dump a process only as the same user; " +
          "set securityContext.runAsUser and runAsGroup of the container or pod, or pass the image's user, for " +
          `example TargetAccess.sameUser({ uid: 1654, gid: 1654 }); ${FIND}`,
      ),
    );
  });

  test.each([
    ['in the container', sameUser, { runAsUser: 0 }, undefined],
    ['in the container, whatever the pod says', sameUser, { runAsUser: 0 }, { runAsUser: 1654 }],
    ['in the pod', sameUser, undefined, { runAsUser: 0 }],
    ['by sameUser', TargetAccess.sameUser({ uid: 0 }), undefined, undefined],
  ])('refuses root that is named %s', (_, access, inContainer, inPod) => {
    expect(() => resolveSidecarUser(access, container(inContainer), pod(inPod), true)).toThrow(
      new Error(
        "container 'web' runs as root (uid 0), but root without capabilities cannot dump it; run it as another user " +
          '(the official .NET images have 1654), or choose access: TargetAccess.privileged()',
      ),
    );
  });

  test.each([
    [
      'user than the container',
      { uid: 1000 },
      { runAsUser: 1001 },
      undefined,
      "TargetAccess.sameUser has uid 1000, but container 'web' has runAsUser 1001, which takes precedence; remove " +
        'uid from sameUser(), or correct it',
    ],
    [
      'user than the pod',
      { uid: 1000 },
      undefined,
      { runAsUser: 1001 },
      "TargetAccess.sameUser has uid 1000, but container 'web' has runAsUser 1001, which takes precedence; remove " +
        'uid from sameUser(), or correct it',
    ],
    [
      'group than the container',
      { uid: 1000, gid: 2000 },
      { runAsGroup: 2001 },
      undefined,
      "TargetAccess.sameUser has gid 2000, but container 'web' has runAsGroup 2001, which takes precedence; " +
        'remove gid from sameUser(), or correct it',
    ],
    [
      'user, root, than the container',
      { uid: 0 },
      { runAsUser: 1001 },
      undefined,
      "TargetAccess.sameUser has uid 0, but container 'web' has runAsUser 1001, which takes precedence; remove " +
        'uid from sameUser(), or correct it',
    ],
  ])('refuses another %s', (_, given, inContainer, inPod, message) => {
    const access = TargetAccess.sameUser(given);
    expect(messageOf(() => resolveSidecarUser(access, container(inContainer), pod(inPod), true))).toBe(message);
  });
});

describe('in a tree', () => {
  const given = TargetAccess.sameUser({ uid: 1654, gid: 1655 });
  const inTree = (inContainer?: JsonObject, inPod?: JsonObject, access = given) =>
    resolveSidecarUser(access, container(inContainer), pod(inPod), false);

  test.each([
    ['the given ids where the manifest is silent', undefined, undefined, { uid: 1654, gid: 1655, assumed: true }],
    ['those of the manifest', { runAsUser: 1, runAsGroup: 2 }, undefined, { uid: 1, gid: 2, assumed: false }],
    ['those of the pod', undefined, { runAsUser: 1, runAsGroup: 2 }, { uid: 1, gid: 2, assumed: false }],
    ['those of both levels', { runAsUser: 1 }, { runAsGroup: 2 }, { uid: 1, gid: 2, assumed: false }],
    ['the given group for the given user', { runAsUser: 1654 }, undefined, { uid: 1654, gid: 1655, assumed: true }],
    ['the given user for the given group', { runAsGroup: 1655 }, undefined, { uid: 1654, gid: 1655, assumed: true }],
  ])('takes %s', (_, inContainer, inPod, expected) => {
    expect(inTree(inContainer, inPod)).toEqual(expected);
  });

  test('takes the group of the .NET images for their user, whatever is given', () => {
    expect(inTree({ runAsUser: 1654 }, undefined, TargetAccess.sameUser({ uid: 1, gid: 2 }))).toEqual({
      uid: 1654,
      gid: 1654,
      assumed: true,
    });
  });

  test('takes a group that is given alone', () => {
    expect(inTree({ runAsUser: 1000 }, undefined, TargetAccess.sameUser({ gid: 7 }))).toEqual({
      uid: 1000,
      gid: 7,
      assumed: true,
    });
  });

  test.each([
    ['group', { runAsUser: 1000 }, "the group of container 'web', which runs as user 1000, is not known at synth"],
    ['user', { runAsGroup: 1000 }, "the user of container 'web' is not known at synth"],
  ])('refuses an unknown %s beside the id of another image', (_, inContainer, message) => {
    expect(() => inTree(inContainer)).toThrow(message);
  });

  test('refuses root of the manifest', () => {
    expect(() => inTree({ runAsUser: 0, runAsGroup: 0 })).toThrow("container 'web' runs as root (uid 0)");
  });
});

test.each([
  ['the manifest', TargetAccess.sameUser(), { runAsUser: 1000 }],
  ['a uid of the manifest that is given too', TargetAccess.sameUser({ uid: 1000 }), { runAsUser: 1000 }],
  ['a given uid', TargetAccess.sameUser({ uid: 1000 }), undefined],
])('refuses a named workload whose group is left open by %s', (_, access, inContainer) => {
  expect(() => resolveSidecarUser(access, container(inContainer), {}, true)).toThrow(
    new Error(
      "the group of container 'web', which runs as user 1000, is not known at synth, but ProcDump can dump a " +
        'process only as the same user and group; set securityContext.runAsGroup of the container or pod, or pass ' +
        `both ids for this workload: TargetAccess.sameUser({ uid, gid }); ${FIND}`,
    ),
  );
});

describe('privileged', () => {
  test.each([
    ['another user', { runAsUser: 1000, runAsGroup: 2000 }],
    ['root', { runAsUser: 0 }],
    ['a user that only the image knows', undefined],
  ])('is root beside %s', (_, securityContext) => {
    expect(resolveSidecarUser(TargetAccess.privileged(), container(securityContext), {}, true)).toEqual({
      uid: 0,
      gid: 0,
      assumed: false,
    });
  });
});

describe('root beside a .NET process', () => {
  const dotnet = ProcDumpTarget.dotnet({ access: TargetAccess.privileged() });
  const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });

  test.each([
    ['that is root', dotnet, { runAsUser: 0 }, undefined],
    ['of an unknown user, where the agent looks', dotnet, undefined, undefined],
    ['that is native', native, { runAsUser: 1000 }, undefined],
    ['that has a sidecar of its user', ProcDumpTarget.dotnet({ access: sameUser }), { runAsUser: 1000 }, undefined],
    ['whose container overrides the user of the pod', dotnet, { runAsUser: 0 }, { runAsUser: 1000 }],
  ])('%s is accepted', (_, target, ofContainer, ofPod) => {
    expect(() => refuseRootBesideDotnet(target, container(ofContainer), pod(ofPod))).not.toThrow();
  });

  test.each([
    ['of another user', { runAsUser: 1000 }, undefined],
    ["of the pod's user", undefined, { runAsUser: 1000 }],
  ])('%s is refused', (_, ofContainer, ofPod) => {
    expect(messageOf(() => refuseRootBesideDotnet(dotnet, container(ofContainer), pod(ofPod)))).toBe(
      "container 'web' runs as user 1000, and its .NET runtime writes the dumps as that user, into folders where " +
        'root would follow its links; choose access: TargetAccess.sameUser(), with gid where the manifest names no ' +
        'group',
    );
  });
});
