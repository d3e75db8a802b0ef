import { join } from 'path';
import ts from 'typescript';

/** What values of a public prop or parameter look like, as far as the compiler tells. */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'flag' | 'enum' | 'object' | 'construct' | 'struct' | 'any' }
  | { readonly kind: 'list' | 'map'; readonly item: Shape };

export interface Input {
  readonly name: string;
  readonly shape: Shape;
  readonly rest?: boolean;
}

/** A factory, constructor or method, for example `ProcDumpTrigger.every` or `new DumpStorage`. */
export interface Callable {
  readonly name: string;
  readonly parameters: Input[];
}

export interface PublicApi {
  readonly structs: Map<string, Input[]>;
  readonly callables: Callable[];
}

const SRC = join(__dirname, '..', '..', 'src');

/** The public types of both entries, read from their sources: a new prop or parameter cannot be forgotten. */
export function readPublicApi(): PublicApi {
  const entries = [join(SRC, 'index.ts'), join(SRC, 'azure', 'index.ts')];
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  const structs = new Map<string, Input[]>();
  const callables: Callable[] = [];
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = has(exported.flags, ts.SymbolFlags.Alias) ? checker.getAliasedSymbol(exported) : exported;
      if (has(symbol.flags, ts.SymbolFlags.Interface)) {
        if (isStruct(symbol)) structs.set(symbol.name, propsOf(checker, symbol));
      } else if (has(symbol.flags, ts.SymbolFlags.Class)) {
        callables.push(...callablesOf(checker, symbol));
      }
    }
  }
  return { structs, callables };
}

/** jsii's rule: a name that starts with I and another capital is an interface with behaviour. */
function isStruct({ name }: ts.Symbol): boolean {
  return !/^I[A-Z]/.test(name);
}

function propsOf(checker: ts.TypeChecker, symbol: ts.Symbol): Input[] {
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .map((prop) => ({ name: prop.name, shape: shapeOf(checker, checker.getTypeOfSymbol(prop)) }));
}

function callablesOf(checker: ts.TypeChecker, symbol: ts.Symbol): Callable[] {
  const found: Callable[] = [];
  const declaration = symbol.declarations!.find(ts.isClassDeclaration)!;
  for (const member of declaration.members) {
    const modifiers = ts.getCombinedModifierFlags(member);
    if (
      has(modifiers, ts.ModifierFlags.Private) ||
      ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal')
    ) {
      continue;
    }
    if (!ts.isMethodDeclaration(member) && !ts.isConstructorDeclaration(member)) continue;
    const name = ts.isConstructorDeclaration(member) ? `new ${symbol.name}` : `${symbol.name}.${member.name.getText()}`;
    const parameters = member.parameters.map((parameter): Input => ({
      name: parameter.name.getText(),
      shape: shapeOf(checker, checker.getTypeAtLocation(parameter)),
      rest: parameter.dotDotDotToken !== undefined,
    }));
    found.push({ name, parameters });
  }
  return found;
}

function shapeOf(checker: ts.TypeChecker, declared: ts.Type): Shape {
  const type = checker.getNonNullableType(declared);
  const every = (...flags: ts.TypeFlags[]) =>
    (type.isUnion() ? type.types : [type]).every((part) => flags.some((flag) => has(part.flags, flag)));
  if (every(ts.TypeFlags.Any)) return { kind: 'any' };
  if (every(ts.TypeFlags.Boolean, ts.TypeFlags.BooleanLiteral)) return { kind: 'flag' };
  if (every(ts.TypeFlags.Enum, ts.TypeFlags.EnumLiteral)) return { kind: 'enum' };
  if (every(ts.TypeFlags.String, ts.TypeFlags.StringLiteral)) return { kind: 'text' };
  if (every(ts.TypeFlags.Number, ts.TypeFlags.NumberLiteral)) return { kind: 'number' };
  if (checker.isArrayType(type)) {
    return { kind: 'list', item: shapeOf(checker, checker.getTypeArguments(type as ts.TypeReference)[0]) };
  }
  const index = type.getStringIndexType();
  if (index) return { kind: 'map', item: shapeOf(checker, index) };
  const symbol = type.getSymbol();
  if (symbol?.name === 'IConstruct') return { kind: 'construct' };
  return { kind: symbol && has(symbol.flags, ts.SymbolFlags.Interface) && isStruct(symbol) ? 'struct' : 'object' };
}

/** @param flag a single bit */
function has(flags: number, flag: number): boolean {
  return Math.floor(flags / flag) % 2 === 1;
}
