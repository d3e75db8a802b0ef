import type { Library, Type } from '../../scripts/reference/library';
import { Markdown } from '../../scripts/reference/markdown';

const ID = 'cdk8s-procdump.ProcDumpTrigger';

/** The page of a class with one factory, as jsii-docgen describes it. */
function pageOf(usage: string, formattingPattern: string): string {
  const factory = {
    id: `${ID}.memoryAboveLimit`,
    displayName: 'memoryAboveLimit',
    usage: `import { ProcDumpTrigger } from 'cdk8s-procdump'\n\n${usage}`,
    parameters: [{ displayName: 'percents', docs: { summary: 'whole numbers' }, type: { formattingPattern } }],
    docs: {},
  };
  const type = {
    kind: 'class',
    id: ID,
    displayName: 'ProcDumpTrigger',
    docs: {},
    interfaces: [],
    staticMethods: [factory],
    instanceMethods: [],
    properties: [],
  } as unknown as Type;
  const library: Library = { types: new Map([[ID, type]]), declared: {} };
  return new Markdown(library).render().get('ProcDumpTrigger.md')!;
}

test('a parameter that takes several arguments has its dots before its name', () => {
  const page = pageOf('ProcDumpTrigger.memoryAboveLimit(percents: ...number[])', '...number[]');
  expect(page).toContain('ProcDumpTrigger.memoryAboveLimit(...percents: number[])');
  expect(page).toContain('- `...percents`: number[]; whole numbers');
});

test('a list has none', () => {
  const page = pageOf('ProcDumpTrigger.memoryAboveLimit(percents: number[])', 'number[]');
  expect(page).toContain('ProcDumpTrigger.memoryAboveLimit(percents: number[])');
  expect(page).toContain('- `percents`: number[]; whole numbers');
});
