import fixture from './fixtures/procdump-cli-cases.json';
import { misread, parse } from './procdump-grammar';
import { SWITCHES } from './procdump-switches';

const shown = (args: readonly string[]) =>
  args.map((arg) => (/^[^\s'"]+$/.test(arg) ? arg : `'${arg}'`)).join(' ') || '(nothing)';

describe('recorded: what ProcDump 3.5.2 did', () => {
  test.each(fixture.cases.map(({ args, accepted, note }) => [`${shown(args)}: ${note}`, args, accepted] as const))(
    '%s',
    (_, args, accepted) => {
      expect(parse(args)).toMatchObject({ accepted });
    },
  );
});

// Known from the facts (1.1 to 1.3, 1.5) or the source, but without a recorded case.
describe('not recorded', () => {
  test.each<readonly [line: string, accepted: boolean]>([
    ['-ml 100 1234', true], // -ml and -usegcore stand in no recorded case
    ['-usegcore -usegcore 1234', true],
    ['-restrack -restrack -log stdout -log stdout -o -o -pgid -pgid -w -w webapi', true],
    ['-pcl P:a 1 -pcl P:b 1 1234', true],
    ...['-s 1', '-pf 1', '-cl 1', '-ml 1', '-tc 1', '-fc 1', '-mc 1'].map(
      (twice) => [`${twice} ${twice} 1234`, false] as const,
    ),
    ['-e -f A -f B 1234', false],
    ['-ml 100 -m 50 1234', false],
    ['-m 100 -gcm 50 1234', false],
    ['-ml 100 -gcm 50 1234', false],
    ['-e -cl 50 1234', false],
    ['-e -m 50 1234', false],
    ['-e -ml 50 1234', false],
    ['-e -pcl P:a 1 1234', false],
    ['-gcgen 3 1234', false],
    ['1234 /no/such/dir/', false],
    ['1234 /no/such/dir/file', false],
    ['-w', false],
    ['1234 -e', false],
    ['-n 101 1234', false],
    ['-n 3 -gcgen 1 1234', true],
    ['-gcgen 1 -m 100,200 1234', false],
    ['-gcm 5:100 1234', false],
    ['-gcm 2008:100 1234', true],
    ['-mc 80000000 1234', false],
    ['-sr 1 1234', false],
    ['-sr 1 -sr 0 1234', true],
    ['-fx x 1234', false],
    ['-s 4294967295 1234', false], // -1 in 32 bits
    ['-pc cpu-usage 50 1234', false],
    ['-pc P:a -1.5e3 1234', true],
    ['-n 1 -? 1234', false],
  ])('%s: %s', (line, accepted) => {
    expect(parse(line.split(' '))).toMatchObject({ accepted });
  });

  test('the words of an accepted line come back as they were given', () => {
    expect(parse(['-N', '2', '-pc', 'P:a', '1', '-pc', 'P:b', '2', '-o', '1234', '/dumps'])).toEqual({
      accepted: true,
      options: { n: ['2'], pc: ['P:a', '1', 'P:b', '2'], o: [] },
      target: '1234',
      path: '/dumps',
    });
  });
});

// Left out, as the command line alone does not show them: -c above 100 x cores, -mc for a .NET target.
describe('accepted, but broken or senseless (facts 1.4)', () => {
  const BUSY = '-pf below 1000 with -w is a busy loop';
  const ALL = '-w takes every process of that name, a supervisor too: give a PID';
  const MEMORY = 'more dumps than -m or -ml thresholds read past the end of the list';
  const HEAP = 'more dumps than -gcm thresholds are waited for without end';
  const BAD_HEAP = '-gcm with a bad number has no threshold';
  const BIG_HEAP = '-gcm of 2048 MB or more overflows';
  const GENERATION = '-gcm knows 0 to 4, LOH and POH: 2008 is an internal mark';
  const FILTER = '-f is a list of a letter or *, then no : and no ;';
  const ZERO = 'a threshold of 0 fires at once or never';
  const SIGNAL = '-sig outside 1..64 never arrives';
  const PERCENTILE = 'a percentile is p50, p95 or p99';
  const INTEGER = 'an integer is 0..2147483647 in plain digits';
  const NAME = 'an unknown switch is taken for the name of a process';
  const FOLDER = 'the dump folder is missing or not absolute';
  const CHARACTERS = 'the dump folder may have A-Z a-z 0-9 / . _ - and blanks only';
  const LONG = 'a dump path of 1024 bytes or more is cut off';
  const MASK = '-mc is 1 to 8 hexadecimal digits';
  const RESTRACK = '-restrack finds no leaks in a sidecar';

  type Row<T> = readonly [broken: T, reasons: string[], mended: T];
  const options: ReadonlyArray<Row<string>> = [
    ['-m 100 -n 3', [MEMORY], '-m 100,100,100'],
    ['-ml 100 -n 2', [MEMORY], '-ml 100 -n 1'],
    ['-m 100 -gcgen 1', [MEMORY], '-gcgen 1'],
    ['-gcm 100 -n 3', [HEAP], '-gcm 100,100,100'],
    ['-gcm 2048', [BIG_HEAP], '-gcm 2047'],
    ['-gcm LOH:100,3000', [BIG_HEAP], '-gcm LOH:100,2000'],
    ['-gcm abc', [BAD_HEAP], '-gcm 100'],
    ['-gcm 1:abc', [BAD_HEAP], '-gcm 1:100'],
    ['-gcm 100,abc', [BAD_HEAP], '-gcm POH:100,200'],
    ['-gcm 2008:100', [GENERATION], '-gcm 100'],
    ['-gcm 4294967297:100', [GENERATION], '-gcm 1:100'],
    ['-n 3 -gcgen 1', ['-gcgen makes two dumps whatever -n says'], '-gcgen 1'],
    ['-e -f System.Exception:text', [FILTER], '-e -f System.Exception'],
    ['-e -f A;B', [FILTER], '-e -f A,*B*'],
    ['-e -f A,,B', [FILTER], '-e -f A,B'],
    ['-e -sig 11', ['-sig makes no sense with -e or -gcgen'], '-e'],
    ['-sig 11 -gcgen 1', ['-sig makes no sense with -e or -gcgen'], '-sig 11'],
    ['-pc P:a 1 -gcm 50', ['-pc makes no sense with -gcm'], '-pc P:a 1'],
    ['-pcl P:a 1 -gcm 50', ['-pc makes no sense with -gcm'], '-gcm 50'],
    ['-n 0', ['-n 0 ends without a dump'], '-n 1'],
    ['-m 0', [ZERO], '-m 1'],
    ['-m 100,0', [ZERO], '-m 100,1'],
    ['-gcm 0', [ZERO], '-gcm 1'],
    ['-tc 0', [ZERO], '-tc 1'],
    ['-fc 0', [ZERO], '-fc 1'],
    ['-c 0', [ZERO], '-c 1'],
    ['-cl 0', [ZERO], '-cl 1'],
    ['-s 0 -n 2', ['-s 0 names two dumps alike'], '-s 1 -n 2'],
    ['-s 0 -m 100,100', ['-s 0 names two dumps alike'], '-s 0 -m 100'],
    ['-pf 999 -c 50 -w', [BUSY, ALL], '-pf 999 -c 50'],
    ['-pf 1000 -c 50 -w', [ALL], '-pf 1000 -c 50'],
    ['-sig 65', [SIGNAL], '-sig 64'],
    ['-sig 0,11', [SIGNAL], '-sig 1,11'],
    ['-pc P:a[p90] 1', [PERCENTILE], '-pc P:a[p95] 1'],
    ['-pc P:a[p200] 1', [PERCENTILE], '-pc P:a[p50] 1'],
    ['-pcl P:a[q95] 1', [PERCENTILE], '-pcl P:a[p99] 1'],
    ['-mc 100000000', [MASK], '-mc 10'],
    ['-n +5', [INTEGER], '-n 5'],
    ['-n 1.5', ["refused: -n does not take '1.5'"], '-n 1'],
    ['-n -1', ["refused: -n does not take '-1'"], '-n 1'],
    ['-s 4294967297', [INTEGER], '-s 2147483647'],
    ['-m 100,,200', [INTEGER], '-m 100,200'],
    ['-m 100,4294967297', [INTEGER], '-m 100,2147483647'],
    ['-sr 0', [RESTRACK], ''],
    ['-restrack nodump -fx x', [RESTRACK], ''],
    ['-pgid', ['-pgid: a group id cannot be known in a pod'], ''],
    ['-o', ['-o overwrites dumps'], ''],
  ];
  const words = (line: string, ...places: string[]) => [...line.split(' ').filter((word) => word !== ''), ...places];
  // -w needs a name, everything else is given a PID, as the library does.
  const whole = (line: string) => words(line, line.endsWith('-w') ? 'webapi' : '1234', '/dumps');

  test.each<Row<string[]>>([
    ...options.map(([broken, reasons, mended]) => [whole(broken), reasons, whole(mended)] as const),
    [
      ['-n', '', '1234', '/dumps'],
      ['-n 0 ends without a dump', INTEGER],
      ['-n', '1', '1234', '/dumps'],
    ],
    [['-n', ' 5', '1234', '/dumps'], [INTEGER], ['-n', '5', '1234', '/dumps']],
    [['-mc', '', '1234', '/dumps'], [MASK], ['-mc', '0', '1234', '/dumps']],
    [
      ['-pc', 'P:a', '', '1234', '/dumps'],
      ['a counter threshold is a plain number'],
      ['-pc', 'P:a', '-0.5', '1234', '/dumps'],
    ],
    [words('4294967297 /dumps'), [INTEGER], words('1234 /dumps')],
    [words('-w'), ['refused: -w without a name crashes'], words('1234 /dumps')],
    [words('-gcgen 1'), ['no target', FOLDER], words('-gcgen 1 1234 /dumps')],
    [words('--help /dumps'), [NAME], words('webapi /dumps')],
    [words('/usegcore /dumps'), [NAME], words('-usegcore 1234 /dumps')],
    [words('-p 1234'), [NAME, FOLDER], words('1234 /dumps')],
    [words('1234'), [FOLDER], words('1234 /dumps')],
    [words('1234 dumps'), [FOLDER], words('1234 /dumps')],
    [words('1234 /dumps:a'), [CHARACTERS], words('1234 /dumps-a')],
    [words('-e 1234 /dumps;a'), [CHARACTERS], words('-e 1234 /dumps.a')],
    [words('1234 /dümps+a'), [CHARACTERS], words('1234 /dumps_a')],
    [words('1234', `/${'d'.repeat(1023)}`), [LONG], words('1234', `/${'d'.repeat(900)}`)],
  ])('%j: %j', (broken, reasons, mended) => {
    expect({ broken: misread(broken), mended: misread(mended) }).toEqual({ broken: reasons, mended: [] });
  });
});

test(
  'the fixture has 160 cases, with every switch but -ml and -usegcore (which only has a case with the slash that ' +
    'it does not know)',
  () => {
    const given = new Set(fixture.cases.flatMap(({ args }) => args.map((arg) => arg.toLowerCase())));
    expect(fixture.cases).toHaveLength(160);
    expect(Object.keys(SWITCHES).filter((name) => !given.has(`-${name}`))).toEqual(['ml', 'usegcore']);
  },
);
