import { watchOutput } from './secrets.ts';

watchOutput();
