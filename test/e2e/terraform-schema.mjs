// Reads the schema of azurerm from its bindings for CDKTF, without the provider itself.
//
// The bindings are generated from the provider's schema, and their source maps contain the original TypeScript. It
// shows every name, whether an argument is required, optional or computed, its type, and whether a block is a list or a
// set. It shows neither allowed values nor arguments that exclude each other, so the stand-in cannot check those.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SIMPLE = { string: 'string', number: 'number', boolean: 'bool' };
const ELEMENTS = { string: 'string', number: 'number', boolean: 'bool', any: 'dynamic' };

/** Types of Terraform, by the getters of computed attributes. */
const GETTERS = {
  getStringAttribute: 'string',
  getNumberAttribute: 'number',
  getBooleanAttribute: 'bool',
  getListAttribute: ['list', 'string'],
  getNumberListAttribute: ['list', 'number'],
};

/** Returns the schema of azurerm: its own block and those of the given types of resources. */
export function azurermSchema(require, resourceTypes) {
  const folder = join(dirname(require.resolve('@cdktf/provider-azurerm/package.json')), 'lib');
  const read = (name) => new Bindings(join(folder, name, 'index.js'));
  return {
    provider: read('provider').main('TerraformProvider'),
    resources: Object.fromEntries(resourceTypes.map((type) => {
      const name = type.replace(/^azurerm_/, '').replaceAll('_', '-');
      return [type, read(name).main('TerraformResource')];
    })),
  };
}

/** One folder of the bindings: a resource with all structs of its nested blocks. */
class Bindings {
  constructor(file) {
    const map = readFileSync(file, 'utf8').match(/sourceMappingURL=data:application\/json;base64,(\S+)/);
    if (!map) throw new Error(`${file} has no source map to read the schema from`);
    this.file = file;
    this.source = JSON.parse(Buffer.from(map[1], 'base64').toString()).sourcesContent[0];
  }

  /** Returns the block of the resource or the provider itself. */
  main(base) {
    const name = this.source.match(new RegExp(`^export class (\\w+) extends cdktf\\.${base} `, 'm'))?.[1];
    if (!name) throw new Error(`${this.file} has no class that extends ${base}`);
    return this.block(`${name}Config`, this.declaration(`export class ${name} `), name);
  }

  /** Returns the block of a nested struct. */
  struct(name) {
    return this.block(name, this.declaration(`export function ${name[0].toLowerCase()}${name.slice(1)}ToHclTerraform(`), `${name}OutputReference`);
  }

  /**
   * Combines the arguments of the mapping to HCL with the computed attributes, which only the class has. It fails if it
   * misses one.
   */
  block(interfaceName, mapping, className) {
    const properties = this.propertiesOf(interfaceName);
    const mapped = [...argumentsIn(mapping)];
    const overlooked = [...properties.keys()].filter((name) => !mapped.some((argument) => argument.name === name));
    if (overlooked.length > 0 || mapped.length !== properties.size) {
      throw new Error(`${this.file}: ${interfaceName} was not understood (${overlooked})`);
    }
    const flags = this.flagsOf(className);
    const attributes = [], blocks = [];
    for (const { name, value, type, storage } of mapped) {
      const { required, isBlock, isMany } = properties.get(name);
      const { computed = false } = flags.get(name) ?? {};
      const nested = storage.endsWith('List') && !ELEMENTS[storage.slice(0, -4)] || type === 'struct';
      if (isBlock) {
        blocks.push({
          name,
          nesting: { struct: 'SINGLE', list: 'LIST', set: 'SET' }[type],
          minItems: required ? 1 : 0,
          maxItems: isMany || type === 'struct' ? 0 : 1,
          block: this.struct(structIn(value)),
        });
      } else {
        const valueType = nested ? [type, this.objectType(structIn(value))] : typeOf(type, storage);
        attributes.push({ name, type: valueType, required, optional: !required, computed });
      }
    }
    for (const [name, { computed, body }] of flags) {
      if (!computed || properties.has(name)) continue;
      attributes.push({ name, type: this.computedType(name, body), required: false, optional: false, computed });
    }
    return { attributes, blocks };
  }

  /** Returns Terraform's names, from the comments of an interface, with the declaration of each. */
  propertiesOf(interfaceName) {
    const property = /#([a-z0-9_]+) \w+#[a-z0-9_]+\}[^/]*\*\/\s*readonly \w+(\??): ([^;{]*)/g;
    const body = this.declaration(`export interface ${interfaceName} `);
    return new Map([...body.matchAll(property)].map(({ 1: name, 2: optional, 3: type, index }) => {
      const comment = body.slice(body.lastIndexOf('/**', index), index);
      return [name, { required: optional === '', isBlock: comment.includes(`* ${name} block`), isMany: type.includes('[]') }];
    }));
  }

  /** Reads the comment above each getter. Structs of the provider's own block have no class. */
  flagsOf(className) {
    if (!this.source.includes(`export class ${className} `)) return new Map();
    const getter = /^ {2}\/\/ (\w+) - computed: (true|false), optional: (?:true|false), required: (?:true|false)$/gm;
    const body = this.declaration(`export class ${className} `);
    const found = [...body.matchAll(getter)];
    return new Map(found.map(({ 1: name, 2: computed, index }, i) => (
      [name, { computed: computed === 'true', body: body.slice(index, found[i + 1]?.index) }])));
  }

  computedType(name, body) {
    const many = body.match(/new (\w+)List\(this, "\w+", (true|false)\)/);
    if (many) return [many[2] === 'true' ? 'set' : 'list', this.objectType(many[1])];
    const map = body.match(/new cdktf\.(String|Number|Boolean)Map\(/);
    if (map) return ['map', SIMPLE[map[1].toLowerCase()]];
    const getter = body.match(/this\.(get\w+Attribute)\(/)?.[1];
    const type = GETTERS[getter];
    if (!type) throw new Error(`${this.file}: the type of ${name} is not known (${getter})`);
    return body.includes('cdktf.Fn.tolist(') ? ['set', type[1]] : type;
  }

  /** Returns the type of an attribute that contains objects, as opposed to a block. */
  objectType(struct) {
    const isArgument = this.source.includes(`ToHclTerraform(struct?: ${struct} `);
    const { attributes } = isArgument ? this.struct(struct) : this.block(struct, '', `${struct}OutputReference`);
    return ['object', Object.fromEntries(attributes.map(({ name, type }) => [name, type]))];
  }

  declaration(start) {
    const from = this.source.indexOf(start);
    if (from < 0) throw new Error(`${this.file} has no '${start.trim()}'`);
    return this.source.slice(from, this.source.indexOf('\n}\n', from) + 3);
  }
}

function* argumentsIn(mapping) {
  const entry = /^ +(\w+): \{\n +value: (.*),\n +isBlock: (?:true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",\n/gm;
  for (const [, name, value, type, storage] of mapping.matchAll(entry)) yield { name, value, type, storage };
}

/** Finds `storageShareAclToHclTerraform` in the expression that maps the value. */
function structIn(value) {
  const [, name] = value.match(/(?<!\.)\b(\w+)ToHclTerraform/);
  return name[0].toUpperCase() + name.slice(1);
}

function typeOf(type, storage) {
  if (type === 'simple') return SIMPLE[storage];
  const [, element] = storage.match(/^(\w+?)(?:List|Map)$/);
  return [type, ELEMENTS[element]];
}
