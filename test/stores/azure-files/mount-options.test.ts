import { AzureFilesAccess, AzureFilesDumpStore } from '../../../src';
import { checkProps } from '../../../src/input/struct';
import { AzureFilesProtocol } from '../../../src/stores/azure-files/enums';
import { AzureFilesMountOptions, MOUNT_OPTIONS, planMountOptions } from '../../../src/stores/azure-files/mount-options';
import { messageOf, newChart } from '../../pods';

const { SMB, NFS } = AzureFilesProtocol;
const render = (protocol: AzureFilesProtocol, options: AzureFilesMountOptions = {}) =>
  planMountOptions(protocol, checkProps(options, MOUNT_OPTIONS)).items;
const refusal = (protocol: AzureFilesProtocol, options: AzureFilesMountOptions) => {
  try {
    return `accepted: ${render(protocol, options).join(' ')}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('defaults', () => {
  test("SMB mounts as the class of ProcDump's documentation, in its order", () => {
    expect(render(SMB)).toEqual([
      'dir_mode=0777',
      'file_mode=0777',
      'uid=0',
      'gid=0',
      'mfsymlinks',
      'cache=strict',
      'actimeo=30',
    ]);
  });

  test('NFS mounts with four connections and what the driver would add', () => {
    expect(render(NFS)).toEqual(['nconnect=4', 'noresvport', 'actimeo=30']);
  });

  test('the defaults are not changed by an earlier call', () => {
    render(SMB, { uid: 1000, mountOptions: ['nobrl'] });
    expect(render(SMB, {})).toEqual(render(SMB));
  });
});

describe('typed options stand where the default stood', () => {
  test.each<[string, AzureFilesMountOptions, number, string]>([
    ['directoryMode', { directoryMode: '0770' }, 0, 'dir_mode=0770'],
    ['fileMode', { fileMode: '0660' }, 1, 'file_mode=0660'],
    ['uid', { uid: 1654 }, 2, 'uid=1654'],
    ['gid', { gid: 2000 }, 3, 'gid=2000'],
  ])('%s', (_, options, place, text) => {
    const expected = render(SMB);
    expected[place] = text;
    expect(render(SMB, options)).toEqual(expected);
  });

  test.each<[string, AzureFilesMountOptions]>([
    ['the lowest ids and modes', { uid: 0, gid: 0, directoryMode: '0000', fileMode: '0000' }],
    ['the highest ids and modes', { uid: 4294967294, gid: 4294967294, directoryMode: '0777', fileMode: '0777' }],
    ['a mode that Terraform will give', { directoryMode: '${TfToken[TOKEN.1]}', fileMode: '${TfToken[TOKEN.2]}' }],
  ])('%s are accepted', (_, options) => {
    expect(render(SMB, options).slice(0, 4)).toEqual([
      `dir_mode=${options.directoryMode}`,
      `file_mode=${options.fileMode}`,
      `uid=${options.uid ?? 0}`,
      `gid=${options.gid ?? 0}`,
    ]);
  });
});

describe('additional options', () => {
  test('replace the default of the same name in place', () => {
    expect(render(SMB, { mountOptions: ['actimeo=1', 'dir_mode=0750'] })).toEqual([
      'dir_mode=0750',
      'file_mode=0777',
      'uid=0',
      'gid=0',
      'mfsymlinks',
      'cache=strict',
      'actimeo=1',
    ]);
  });

  test('others follow the defaults in the order given', () => {
    expect(render(SMB, { mountOptions: ['nobrl', 'max_channels=4', 'vers=3.1.1'] })).toEqual([
      ...render(SMB),
      'nobrl',
      'max_channels=4',
      'vers=3.1.1',
    ]);
  });

  test('NFS replaces and appends too', () => {
    expect(render(NFS, { mountOptions: ['rsize=1048576', 'nconnect=2'] })).toEqual([
      'nconnect=2',
      'noresvport',
      'actimeo=30',
      'rsize=1048576',
    ]);
  });

  test('a name that only starts like a default does not replace it', () => {
    expect(render(SMB, { mountOptions: ['cache_x=1'] })).toEqual([...render(SMB), 'cache_x=1']);
  });

  test('a Terraform token is taken as it is', () => {
    expect(render(SMB, { mountOptions: ['x=${TfToken[TOKEN.0]}'] })).toEqual([...render(SMB), 'x=${TfToken[TOKEN.0]}']);
  });
});

describe('refusals', () => {
  const mode = (prop: string, value: string) =>
    `${prop} must be four octal digits, the first of them 0, as in '0770', got "${value}"`;
  const id = (name: string, value: number) => `${name} must be a whole number from 0 to 4294967294, got ${value}`;
  const comma = (item: string) =>
    `mount option '${item}' contains a comma; expected one option per item; write each option as a separate item`;
  const blank = (item: string) => `mountOptions[0] must be a name or name=value without blanks, got "${item}"`;
  const twice = (name: string, first: string, second: string) =>
    `mount option '${name}' is given twice, as '${first}' and as '${second}'; expected each option once; remove one ` +
    'of them';

  test.each<[AzureFilesMountOptions, string]>([
    [{ directoryMode: '770' }, mode('directoryMode', '770')],
    [{ directoryMode: '0778' }, mode('directoryMode', '0778')],
    [{ fileMode: '660' }, mode('fileMode', '660')],
    [{ fileMode: '01660' }, mode('fileMode', '01660')],
    [{ uid: -1 }, id('uid', -1)],
    [{ uid: 1.5 }, id('uid', 1.5)],
    [{ uid: 4294967295 }, id('uid', 4294967295)],
    [{ gid: -1 }, id('gid', -1)],
    [{ gid: 4294967295 }, id('gid', 4294967295)],
    [{ gid: NaN }, id('gid', NaN)],
    [{ mountOptions: ['dir_mode=0770,file_mode=0660'] }, comma('dir_mode=0770,file_mode=0660')],
    [{ mountOptions: [''] }, blank('')],
    [{ mountOptions: [' nobrl'] }, blank(' nobrl')],
    [{ mountOptions: ['no brl'] }, blank('no brl')],
    [{ mountOptions: ['=4'] }, blank('=4')],
    [{ mountOptions: ['nobrl', 'nobrl'] }, twice('nobrl', 'nobrl', 'nobrl')],
    [{ mountOptions: ['max_channels=2', 'max_channels=4'] }, twice('max_channels', 'max_channels=2', 'max_channels=4')],
    [{ uid: 1000, mountOptions: ['uid=2000'] }, twice('uid', 'uid=1000', 'uid=2000')],
    [{ directoryMode: '0770', mountOptions: ['dir_mode=0770'] }, twice('dir_mode', 'dir_mode=0770', 'dir_mode=0770')],
  ])('SMB %j', (options, message) => expect(refusal(SMB, options)).toBe(message));

  test.each<[string, AzureFilesMountOptions, string | number]>([
    ['uid', { uid: 0 }, 0],
    ['gid', { gid: 1000 }, 1000],
    ['directoryMode', { directoryMode: '0770' }, '0770'],
    ['fileMode', { fileMode: '0660' }, '0660'],
  ])('NFS %s', (prop, options, value) => {
    expect(refusal(NFS, options)).toBe(
      `mount option ${prop} '${value}' cannot serve protocol 'nfs'; NFS keeps owner and mode of each file on the ` +
        `share; remove ${prop} or use AzureFilesProtocol.SMB`,
    );
  });

  test.each(['nfsvers=4', 'minorversion=2'])('NFS %s', (item) => {
    expect(refusal(NFS, { mountOptions: [item] })).toBe(
      `mount option '${item}' cannot be chosen for protocol 'nfs'; the driver always mounts with ` +
        'vers=4,minorversion=1,sec=sys; remove it',
    );
  });

  test.each(['vers=3.1.1', 'sec=krb5'])('NFS %s, which SMB takes', (item) => {
    expect(refusal(NFS, { mountOptions: [item] })).toBe(
      `mount option '${item}' cannot be chosen for protocol 'nfs'; the driver always mounts with ` +
        'vers=4,minorversion=1,sec=sys; remove it',
    );
    expect(render(SMB, { mountOptions: [item] })).toContain(item);
  });
});

describe('options of the other protocol', () => {
  test.each(['mfsymlinks', 'nosharesock', 'nobrl', 'cache=strict', 'dir_mode=0770', 'uid=1654', 'max_channels=4'])(
    'SMB takes %s, NFS refuses it',
    (item) => {
      expect(refusal(NFS, { mountOptions: [item] })).toBe(
        `mount option '${item}' has no meaning for protocol 'nfs'; it belongs to SMB; remove it or use ` +
          'AzureFilesProtocol.SMB',
      );
      expect(render(SMB, { mountOptions: [item] })).toContain(item);
    },
  );

  test.each(['nconnect=4', 'noresvport', 'timeo=600', 'lookupcache=none', 'proto=tcp'])(
    'NFS takes %s, SMB refuses it',
    (item) => {
      expect(refusal(SMB, { mountOptions: [item] })).toBe(
        `mount option '${item}' has no meaning for protocol 'smb'; it belongs to NFS; remove it or use ` +
          'AzureFilesProtocol.NFS',
      );
      expect(render(NFS, { mountOptions: [item] })).toContain(item);
    },
  );

  test.each(['nfsvers=4', 'minorversion=1'])('SMB refuses %s', (item) => {
    expect(refusal(SMB, { mountOptions: [item] })).toContain("has no meaning for protocol 'smb'");
  });

  test.each([SMB, NFS])('%s refuses UDP', (protocol) => {
    for (const item of ['proto=udp', 'proto=udp6', 'udp']) {
      expect(refusal(protocol, { mountOptions: [item] })).toBe(
        `mount option '${item}' cannot reach Azure Files, which answers on TCP only; remove it`,
      );
    }
  });

  test.each(['rsize=1048576', 'actimeo=60', 'noexec', 'soft'])('both take %s', (item) => {
    for (const protocol of [SMB, NFS]) expect(render(protocol, { mountOptions: [item] })).toContain(item);
  });
});

describe('options that the driver sets for an identity', () => {
  test.each(['sec=krb5', 'sec=ntlmssp', 'cruid=1000', 'upcall_target=app'])('%s', (item) => {
    expect(messageOf(() => planMountOptions(SMB, { mountOptions: [item] }, true))).toBe(
      `mount option '${item}' cannot be chosen for a mount by identity; the driver always mounts with ` +
        'sec=krb5,cruid=0; remove it',
    );
    expect(planMountOptions(SMB, { mountOptions: [item] }, false).items).toContain(item);
  });

  test('in a class and in a volume', () => {
    const chart = newChart();
    const mountOptions = ['sec=ntlmssp'];
    const share = { storageAccountName: 'contosodumps', resourceGroupName: 'rg', shareName: 'dumps' };
    const access = AzureFilesAccess.managedIdentity();
    expect(() => new AzureFilesDumpStore(chart, 'A', { mountOptions })).not.toThrow();
    expect(() => AzureFilesDumpStore.fromShare(chart, 'B', { share, mountOptions })).not.toThrow();
    for (const make of [
      () => new AzureFilesDumpStore(chart, 'C', { access, mountOptions }),
      () => new AzureFilesDumpStore(chart, 'D', { mountWithManagedIdentity: true, mountOptions }),
      () => AzureFilesDumpStore.fromShare(chart, 'E', { share, access, mountOptions }),
    ]) {
      expect(messageOf(make)).toContain("mount option 'sec=ntlmssp' cannot be chosen for a mount by identity");
    }
  });
});

describe('credentials', () => {
  test.each(['username=x', 'user=x', 'password=x', 'pass=x', 'credentials=/x', 'cred=/x'])('%s', (item) => {
    expect(refusal(SMB, { mountOptions: [item] })).toBe(
      `mount option '${item.split('=')[0]}' would expose a credential to everybody who can read the StorageClass; ` +
        'expected no credential; remove it and set secretName',
    );
  });
});
