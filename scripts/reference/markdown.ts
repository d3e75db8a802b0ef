import type { DocsSchema, MethodSchema, ParameterSchema, PropertySchema, TypeSchema } from 'jsii-docgen';
import type { Library, Type } from './library';
import { extendersOf, isAzure, nameOf, pagesOf, type Page } from './pages';

const NOTICE = '<!-- Generated from the docstrings in src/ by npm run docgen: change them there. -->';

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');
const cell = (text: string) => oneLine(text).replace(/\|/g, '\\|');
const anchor = (id: string) => `<a id="${nameOf(id)}"></a>`;
const code = (text: string) => `\`\`\`ts\n${text.trim()}\n\`\`\``;
const importOf = (id: string) => (isAzure(id) ? 'cdk8s-procdump/azure' : 'cdk8s-procdump');

/** Joins summary and remarks, because jsii splits the text at the first period or blank line. */
function prose({ summary = '', remarks = '' }: DocsSchema): string {
  const joint = /^[A-Z`]/.test(remarks.trim()) && !summary.trim().endsWith(';') ? '\n\n' : ' ';
  return [summary.trim(), remarks.trim().replace(/^- /, '')].filter((text) => text !== '').join(joint);
}

/** Writes pages with links between them. */
export class Markdown {
  private readonly pages: readonly Page[];
  /** The page of each type. */
  private readonly files: ReadonlyMap<string, string>;

  public constructor(private readonly library: Library) {
    this.pages = pagesOf(library);
    this.files = new Map(
      this.pages.flatMap(({ subject, parts }) =>
        [subject, ...parts].map(({ id }) => [id, `${nameOf(subject.id)}.md`] as const),
      ),
    );
  }

  /** Returns the content of each page by its file name. */
  public render(): Map<string, string> {
    return new Map([
      ['README.md', this.index()],
      ...this.pages.map((page) => [`${nameOf(page.subject.id)}.md`, this.page(page)] as const),
    ]);
  }

  private index(): string {
    const table = (pages: Page[]) =>
      [
        '| | | With |',
        '|---|---|---|',
        ...pages.map(({ subject, parts }) => {
          const names = parts.map(({ id, displayName }) => this.link(id, displayName)).join(', ');
          return `| ${this.link(subject.id, subject.displayName)} | ${cell(subject.docs.summary ?? '')} | ${names} |`;
        }),
      ].join('\n');
    return [
      NOTICE,
      '# API reference',
      'One page for each construct, class and interface, with its options. Names are those of TypeScript.',
      ...[false, true].flatMap((azure) => [
        `## ${azure ? '`cdk8s-procdump/azure`' : '`cdk8s-procdump`'}`,
        table(this.pages.filter(({ subject }) => isAzure(subject.id) === azure)),
      ]),
    ]
      .join('\n\n')
      .concat('\n');
  }

  private page({ subject, parts }: Page): string {
    return [
      NOTICE,
      `# ${subject.displayName} ${anchor(subject.id)}`,
      `\`${importOf(subject.id)}\` · [API reference](README.md)`,
      ...this.body(subject),
      ...parts.flatMap((part) => [`## ${part.displayName} ${anchor(part.id)}`, ...this.body(part)]),
    ]
      .join('\n\n')
      .concat('\n');
  }

  private body(type: Type): string[] {
    const docs = this.docs(type.docs);
    switch (type.kind) {
      case 'enum':
        return [...docs, this.members(type.members)];
      case 'struct':
        return [...docs, ...this.options(type)];
      case 'interface':
        return [...docs, ...type.instanceMethods.flatMap((method) => this.method(method))];
      default:
        return [
          ...(type.interfaces.length === 0
            ? []
            : [`Implements ${type.interfaces.map(({ id, fqn }) => this.link(id, fqn)).join(', ')}.`]),
          ...docs,
          ...(type.initializer === undefined ? [] : this.callable(type.initializer)),
          ...type.staticMethods.flatMap((method) => this.method(method)),
          ...type.instanceMethods.flatMap((method) => this.method(method)),
          ...type.properties.flatMap((property) => this.property(property)),
        ];
    }
  }

  private members(members: readonly { id: string; displayName: string; docs: DocsSchema }[]): string {
    return [
      '| Value | |',
      '|---|---|',
      ...members.map(({ id, displayName, docs }) => `| \`${displayName}\` ${anchor(id)} | ${cell(prose(docs))} |`),
    ].join('\n');
  }

  /** The properties of a base struct are not repeated: it lists the structs with its options. */
  private options(type: Type & { kind: 'struct' }): string[] {
    const extenders = extendersOf(type, this.library);
    return extenders.length === 0
      ? type.properties.flatMap((property) => this.property(property))
      : [`Its options are part of ${extenders.map(({ id, displayName }) => this.link(id, displayName)).join(', ')}.`];
  }

  private method(method: MethodSchema): string[] {
    return [`### ${method.displayName} ${anchor(method.id)}`, ...this.callable(method), ...this.docs(method.docs)];
  }

  private callable({ usage = '', parameters }: { usage?: string; parameters: ParameterSchema[] }): string[] {
    const signature = usage
      .replace(/^import .*\n+/, '')
      .replace(/^public /, '')
      .replace(/(\w+): \.\.\.(?=\w+\[\])/, '...$1: ');
    const lines = parameters
      .filter(({ docs, type }) => docs.summary !== undefined || this.isLinked(type))
      .map(({ displayName, docs, type }) => {
        const text = oneLine(prose(docs));
        const [, variadic = '', rest] = /^(\.\.\.)?(.*)$/.exec(this.type(type))!;
        return `- \`${variadic}${displayName}\`: ${rest}${text === '' ? '' : `; ${text}`}`;
      });
    return [code(signature), ...(lines.length === 0 ? [] : [lines.join('\n')])];
  }

  private property({ id, displayName, docs, type, optional = false, default: value }: PropertySchema): string[] {
    const preset = value === undefined ? '' : `, by default ${oneLine(value.trim().replace(/^- /, ''))}`;
    return [
      `### ${displayName}${optional ? '?' : ''} ${anchor(id)}`,
      `${this.type(type)}${optional ? `, optional${preset}` : ''}`,
      ...this.docs(docs),
    ];
  }

  private docs(docs: DocsSchema): string[] {
    const text = prose(docs);
    return [
      ...(text === '' ? [] : [text]),
      ...(docs.links ?? []).map((link) => `See <${link}>.`),
      ...(docs.example === undefined ? [] : [code(docs.example)]),
    ];
  }

  private isLinked({ types = [] }: TypeSchema): boolean {
    return types.some((type) => ('id' in type ? this.files.has(type.id) : this.isLinked(type)));
  }

  private type({ formattingPattern, types = [] }: TypeSchema): string {
    const names = types.map((type) => ('id' in type ? this.link(type.id, type.fqn) : this.type(type)));
    return formattingPattern.replace(/</g, '&lt;').replace(/%/g, () => names.shift() ?? '%');
  }

  private link(id: string, name: string): string {
    const file = this.files.get(id);
    return file === undefined ? name : `[${nameOf(id).replace(/^azure\./, '')}](${file}#${nameOf(id)})`;
  }
}
