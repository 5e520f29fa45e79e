import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('the command line', () => {
  it('has defaults for everything', () => {
    expect(readArguments([])).toEqual({ name: 'start', configFile: undefined, port: 4000, host: '127.0.0.1', graceMs: 30_000, ignoreUnsupported: false });
  });

  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1.5', 1500],
    ['0', 0],
  ])('reads --grace %s as %d ms', (text, graceMs) => {
    expect(readArguments(['--grace', text])).toMatchObject({ graceMs });
  });

  it('reads options in every form', () => {
    expect(readArguments(['-c', 'a.yaml', '-p', '0', '--host=::1'])).toMatchObject({ configFile: 'a.yaml', port: 0, host: '::1' });
  });

  it('reads the file to check from either place', () => {
    for (const args of [
      ['check', 'a.yaml'],
      ['check', '--config', 'a.yaml'],
      ['--config', 'a.yaml', 'check'],
    ])
      expect(readArguments(args)).toMatchObject({ name: 'check', file: 'a.yaml' });
  });

  it.each([
    [['check'], ['check needs the file to check: sluice check FILE']],
    [['check', 'a', 'b'], ['check takes one file, and not also b']],
    [['--port', '-1'], ["--port is a number from 0 to 65535, and not '-1'"]],
    [['--port', '4000.5'], ["--port is a number from 0 to 65535, and not '4000.5'"]],
    [
      ['--grace', '1h', '--config'],
      ['--config needs a value', "--grace is a time such as 30s, 500ms or 2m, and not '1h'"],
    ],
    [['--help=yes'], ['--help takes no value']],
    [['--hots', 'x'], ["unknown option --hots. Did you mean '--host'?"]],
  ])('tells what is wrong with %j', (args, mistakes) => {
    expect(readArguments(args)).toEqual({ name: 'wrong', mistakes });
  });
});
