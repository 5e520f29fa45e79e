import { OPTION, requireOptions, type SinkPackage } from '@sluice/core';
import { prometheusSink, type PrometheusSinkOptions } from './prometheus-sink.ts';

/** For configuration files that name this package. */
export const sink: SinkPackage = {
  create: (options) =>
    prometheusSink(requireOptions<PrometheusSinkOptions>(options, { litellmNames: OPTION.flag, maxSeries: OPTION.count, name: OPTION.text })),
};
