import type { Validate } from '../src/middlewares/types.ts';

export declare const query: Validate;
export declare const config: Validate;
export declare const keys: Validate;
