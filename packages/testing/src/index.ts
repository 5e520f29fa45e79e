export { type ContractCase, type MakeStore, storeContract, type StoreUnderTest } from './store/store-contract.ts';
