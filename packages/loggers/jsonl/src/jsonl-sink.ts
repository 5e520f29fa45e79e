import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError, defineSink, didYouMean, type Sink, type SinkPackage } from '@sluice/core';

export type JsonlSinkOptions = {
  /** The file to append to. It and its folder are made when they are not there. */
  readonly path: string;
  /** The sink's name in reports of lost records. Default `jsonl`. */
  readonly name?: string;
};

/**
 * Appends each call record to a file as one line of JSON. The file is opened for each batch, so that it can be
 * moved away at any time and a new one begun; only its owner may read it.
 *
 * @example
 * createGateway({ sinks: [jsonlSink({ path: 'logs/calls.jsonl' })] });
 */
export function jsonlSink({ path, name = 'jsonl' }: JsonlSinkOptions): Sink {
  return defineSink({
    name,
    async write(records) {
      const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      try {
        await append(path, lines);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        await mkdir(dirname(path), { recursive: true });
        await append(path, lines);
      }
    },
  });
}

const OPTIONS = ['path', 'name'];

/** For configuration files that name this package. */
export const sink: SinkPackage = {
  create(options) {
    const problems: { place: string; message: string; suggestion?: string }[] = [];
    if (options.path === undefined) problems.push({ place: 'path', message: 'The path of the file is missing.' });
    for (const [option, value] of Object.entries(options)) {
      const suggestion = didYouMean(option, OPTIONS);
      if (!OPTIONS.includes(option))
        problems.push({ place: option, message: `'${option}' is not an option.`, ...(suggestion === undefined ? {} : { suggestion }) });
      else if (typeof value !== 'string' || value === '') problems.push({ place: option, message: 'It has to be a text.' });
    }
    if (problems.length > 0) throw new ConfigurationError(problems);
    return jsonlSink(options as JsonlSinkOptions);
  },
};

function append(path: string, lines: string): Promise<void> {
  return appendFile(path, lines, { mode: 0o600 });
}
