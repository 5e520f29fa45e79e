export { type ContractCase, type MakeStore, storeContract, type StoreUnderTest } from './store/store-contract.ts';
export { type Answered, ask, type Asking, PROVIDER_KEY } from './provider/ask.ts';
export { providerContract, type ProviderFixture, type ProviderUnderTest } from './provider/provider-contract.ts';
export { readTold, type Told, type ToldCall } from './provider/read-told.ts';
export { type Cut, pieces, type Recording, replayed, type ReplayOptions } from './provider/recording.ts';
export { type ReceivedRequest, type ReplayUpstream, replayUpstream } from './provider/replay-upstream.ts';
