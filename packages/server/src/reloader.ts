import { unwatchFile, watchFile } from 'node:fs';
import { GatewayError } from '@sluice/core';

export type ReloaderOptions = {
  /** The file that is watched; without one only {@link Reloader.reload} reads it again. */
  readonly file: string | undefined;
  /** Loads and applies. Answers what has changed, a line each; throws where it is wrong, and then nothing may have changed. */
  readonly apply: () => readonly string[];
  readonly print: (text: string) => void;
};

export type Reloader = {
  /** For whoever asks, and is told when nothing has changed as well. */
  reload(): void;
  close(): void;
};

const LOOK_EVERY_MS = 500;
const SETTLES_WITHIN_MS = 200;

/**
 * Applies a configuration again when its file has changed. It is looked at, and not listened to, so that files behind
 * links, as those of mounted volumes are, are seen to change too.
 */
export function reloader({ file, apply, print }: ReloaderOptions): Reloader {
  let settling: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => read(false), SETTLES_WITHIN_MS).unref();
  };
  if (file !== undefined) {
    watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, soon);
    // It may have changed since it was read at the start.
    soon();
  }

  function read(isAsked: boolean): void {
    try {
      const changes = apply();
      if (changes.length === 0 && isAsked) print('Sluice finds nothing new in its configuration.\n');
      if (changes.length > 0) print(`Sluice has taken on its new configuration:\n${changes.map((change) => `  ${change}\n`).join('')}`);
    } catch (error) {
      print(`Sluice goes on with the configuration it has; the new one is wrong.\n${wordsOf(error)}\n`);
    }
  }

  return {
    reload: () => read(true),
    close() {
      clearTimeout(settling);
      if (file !== undefined) unwatchFile(file, soon);
    },
  };
}

function wordsOf(error: unknown): string {
  return (GatewayError.is(error) ? error.message : String((error as Error).stack ?? error)).replace(/^Sluice cannot start:\n/, '');
}
