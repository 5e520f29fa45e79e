type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

/** The simplest value of a JSON schema: what a model answers that was told to keep to it. */
export function sampleOf(schema: Schema, root = schema): unknown {
  if (schema.$ref) return sampleOf(resolve(schema.$ref, root), root);
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0], root);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sampleOf(inner, root)]));
    case 'array':
      return [sampleOf(schema.items ?? {}, root)];
    case 'integer':
    case 'number':
      return 36;
    case 'boolean':
      return true;
    default:
      return 'Zürich';
  }
}

function resolve(ref: string, root: Schema): Schema {
  const name = ref.split('/').at(-1) ?? '';
  return root.definitions?.[name] ?? root.$defs?.[name] ?? {};
}
