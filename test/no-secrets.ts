import { checkOutputForSecrets } from './secrets.ts';

checkOutputForSecrets();
