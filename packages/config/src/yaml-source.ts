import { ConfigurationError, type ConfigurationProblem } from '@sluice/core';
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

export type Path = readonly (string | number)[];

/** A YAML file as data, and where in the file each part of it stands. */
export type YamlSource = {
  readonly data: unknown;
  /** `file:line:col path` of a value, or of the key itself, or of the nearest thing around what is missing. */
  place(path: Path, of?: 'key' | 'value'): { readonly place: string; readonly offset: number };
};

/** @throws ConfigurationError naming every mistake of syntax. */
export function yamlSource(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problems = document.errors.map(({ pos, message }): ConfigurationProblem => ({ place: at(pos[0]), message }));
  if (problems.length > 0) throw new ConfigurationError(problems);

  return {
    data: document.toJS() ?? {},
    place(path, of = 'value') {
      const offset = (of === 'key' ? keyOffset(document, path) : undefined) ?? nearestOffset(document, path);
      return { place: `${at(offset)} ${formatPath(path)}`.trimEnd(), offset };
    },
  };
}

export function formatPath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function keyOffset(document: Document, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const map = path.length === 1 ? document.contents : parent;
  if (!isMap(map)) return undefined;
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
}

function nearestOffset(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
