export type { SigV4Key, SigV4Options, SigV4Refusal, SigV4Request, SigV4Result } from './types.js';
export { verifySigV4 } from './verify.js';
