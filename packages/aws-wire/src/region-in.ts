/** `us-east-1`, `ap-southeast-2`, `us-gov-west-1`. */
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** The region in an address of AWS, such as `https://bedrock-runtime.eu-west-1.amazonaws.com`. */
export function regionInAddress(address: string): string | undefined {
  return /^https:\/\/[^/]*?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)/.exec(address)?.[1];
}

/** The region in `arn:aws:bedrock:eu-west-1:123456789012:inference-profile/x`. */
export function regionInArn(arn: string): string | undefined {
  const region = arn.startsWith('arn:') ? arn.split(':')[3] : undefined;
  return region === '' ? undefined : region;
}

/** Where a service answers in a region. */
export function addressIn(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
