import { ConfigurationError, OPTION, type OptionCheck, requireOptions, type SinkPackage } from '@sluice/core';
import { ALERT_TYPES } from './alert.ts';
import { slackSink, type SlackSinkOptions } from './slack-sink.ts';

const isType = (value: unknown): boolean => (ALERT_TYPES as readonly unknown[]).includes(value);
const OPTIONS: Readonly<Record<keyof SlackSinkOptions, OptionCheck>> = {
  webhookUrl: OPTION.url,
  webhookUrls: {
    isValid: (value) => typeof value === 'object' && value !== null && Object.entries(value).every(([type, url]) => isType(type) && OPTION.url.isValid(url)),
    form: `addresses by ${ALERT_TYPES.join(', ')}`,
  },
  types: { isValid: (value) => Array.isArray(value) && value.every(isType), form: `a list of ${ALERT_TYPES.join(', ')}` },
  slowAfterMs: OPTION.count,
  everyMs: OPTION.count,
  repeatAfterMs: OPTION.count,
  timeoutMs: OPTION.count,
  name: OPTION.text,
};

/** For configuration files that name this package. The address comes from the environment where the file has none. */
export const sink: SinkPackage = {
  create(options, env = process.env) {
    const written = requireOptions<Partial<SlackSinkOptions>>(options, OPTIONS);
    const webhookUrl = written.webhookUrl ?? env.SLACK_WEBHOOK_URL;
    if (!OPTION.url.isValid(webhookUrl))
      throw new ConfigurationError([{ place: 'webhookUrl', message: 'It is missing; set it here or as the environment variable SLACK_WEBHOOK_URL.' }]);
    return slackSink({ ...written, webhookUrl: webhookUrl as string });
  },
};
