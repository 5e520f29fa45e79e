export type { AwsSettings, Environment } from './aws-settings.ts';
export { toAwsError } from './aws-error.ts';
export { EventStreamSplitter } from './event-stream-splitter.ts';
export { addressIn, isRegion, regionInAddress, regionInArn } from './region-in.ts';
export { type AwsAccess, awsSigner, type AwsService, type AwsSigner } from './signer.ts';
