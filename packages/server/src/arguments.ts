import { parseArgs } from 'node:util';
import { didYouMean } from '@sluice/core';

export type StartArguments = {
  readonly configFile: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly graceMs: number;
  /** Keys of LiteLLM's that are not built yet are mentioned and passed over. */
  readonly ignoreUnsupported: boolean;
};

export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'check'; readonly file: string; readonly ignoreUnsupported: boolean; readonly explain: boolean }
  | ({ readonly name: 'start' } & StartArguments)
  | { readonly name: 'wrong'; readonly mistakes: readonly string[] };

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  grace: { type: 'string' },
  'ignore-unsupported': { type: 'boolean' },
  explain: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const COMMANDS = ['check'];

/** What the command line asks for, or everything that is wrong with it. */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals, tokens } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: false, tokens: true });
  const mistakes = tokens.flatMap((token) => (token.kind === 'option' ? optionMistake(token.name, token.rawName, token.value) : []));
  const [command, ...operands] = positionals;
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  // After an unknown option the next word may be its value.
  if (mistakes.length === 0 && command !== undefined && !COMMANDS.includes(command))
    mistakes.push(withSuggestion(`unknown command '${command}'.`, didYouMean(command, COMMANDS)));

  const ignoreUnsupported = values['ignore-unsupported'] === true;
  if (command === 'check') {
    const [file, ...others] = values.config === undefined ? operands : [String(values.config), ...operands];
    if (file === undefined) mistakes.push('check needs the file to check: sluice check FILE');
    if (others.length > 0) mistakes.push(`check takes one file, and not also ${others.join(' ')}`);
    return mistakes.length > 0 || file === undefined
      ? { name: 'wrong', mistakes }
      : { name: 'check', file, ignoreUnsupported, explain: values.explain === true };
  }
  if (values.explain === true) mistakes.push('--explain goes with check: sluice check --explain FILE');
  const port = readPort(values.port, mistakes);
  const graceMs = readDuration(values.grace, mistakes);
  if (mistakes.length > 0) return { name: 'wrong', mistakes };
  return {
    name: 'start',
    configFile: values.config as string | undefined,
    port,
    host: (values.host as string | undefined) ?? '127.0.0.1',
    graceMs,
    ignoreUnsupported,
  };
}

function optionMistake(name: string, rawName: string, value: string | undefined): string[] {
  const option = (OPTIONS as Readonly<Record<string, { readonly type: string }>>)[name];
  if (!option) return [withSuggestion(`unknown option ${rawName}.`, didYouMean(name, Object.keys(OPTIONS))?.replace("'", "'--"))];
  // Of `--host --port 1` the parser makes a host named '--port'.
  if (option.type === 'string' && (value === undefined || value === '' || /^--?[a-z]/i.test(value))) return [`${rawName} needs a value`];
  if (option.type === 'boolean' && value !== undefined) return [`${rawName} takes no value`];
  return [];
}

function readPort(text: unknown, mistakes: string[]): number {
  if (text === undefined) return 4000;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) mistakes.push(`--port is a number from 0 to 65535, and not '${String(text)}'`);
  return port;
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function readDuration(text: unknown, mistakes: string[]): number {
  if (text === undefined) return 30_000;
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(String(text)) ?? [];
  if (amount === undefined) mistakes.push(`--grace is a time such as 30s, 500ms or 2m, and not '${String(text)}'`);
  return Number(amount) * (UNITS_MS[unit] ?? 1000);
}

function withSuggestion(message: string, suggestion: string | undefined): string {
  return suggestion === undefined ? message : `${message} ${suggestion}`;
}
