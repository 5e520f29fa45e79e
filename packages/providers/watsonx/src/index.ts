export { provider } from './provider-package.ts';
export { watsonx, type WatsonxOptions } from './watsonx.ts';
export { watsonxGateway, type WatsonxGatewayOptions } from './watsonx-gateway.ts';
