import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { GatewayOptions } from '../options.ts';
import { numberProblems } from './value-problems.ts';

/** A name or an address, with or without a port. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** What is wrong with how addresses are to be fetched. */
export function mediaProblems(media: GatewayOptions['media']): ConfigurationProblem[] {
  if (!media) return [];
  const { allowHosts = [], maxBytes, timeoutMs } = media;
  const badHosts = Array.isArray(allowHosts) ? allowHosts.filter((host) => typeof host !== 'string' || !HOST.test(host)) : [allowHosts];
  return [
    ...numberProblems('media', { maxBytes, timeoutMs }, { atLeast: 1 }),
    ...badHosts.map((host) => ({
      place: 'media.allowHosts',
      message: `'${String(host)}' is no host`,
      suggestion: 'Write it as files.example.com or 10.0.0.7:8080.',
    })),
  ];
}
