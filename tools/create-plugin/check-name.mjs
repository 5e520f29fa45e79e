import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../check/run-tool.mjs';
import { KINDS } from './kinds.mjs';

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** With its prefix a name has to be one that npm takes. */
const LONGEST = 100;

/** What is wrong with the name, with a better one, or nothing. */
export function nameProblem(kind, name) {
  const plain = toKebab(name).replace(new RegExp(`^(?:sluice-)?(?:(?:${kind}|${KINDS[kind].prefix})-)?`), '');
  const suggestion = KEBAB.test(plain) ? ` Try '${plain.slice(0, LONGEST)}'.` : '';
  if (!KEBAB.test(name)) return `'${name}' is not a name in lower case with dashes, such as 'my-${kind}'.${suggestion}`;
  if (name.length > LONGEST) return `The name is longer than ${LONGEST} characters.`;
  if (plain !== name) return `'${name}' says what is put before every name anyway.${suggestion}`;
  // Also where it goes elsewhere: a short name in a configuration file stands for ours first.
  if (existsSync(join(root, 'packages', KINDS[kind].folder, name))) return `There is a ${kind} '${name}' already. Try 'my-${name}'.`;
  return undefined;
}

function toKebab(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
}
