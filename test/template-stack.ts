/** Stacks that the template makes, and the parts of them that tests ask for. Only where PYTHON is. */
import { METRICS as OURS } from '../src/middlewares/metrics.ts';
import { resolve, type Stack, type Template } from './template-resolve.ts';
import { PYTHON, transform } from './template-sam.ts';

/** What the functions count. */
export const METRICS = Object.keys(OURS);
/** What Lambda counts of them, as far as it is looked at. */
export const LAMBDA_METRICS = ['Invocations', 'Errors', 'Throttles', 'ConcurrentExecutions'];

/** The parameters by which every front door is there. */
export const DOORS = { Cdn: 'on', StreamingApi: 'on', HttpApi: 'on', UsagePlan: 'on' };

let template: Template | undefined;
/** The stack of a deployment with a key, whose name is `pictures`. */
export function stack(given: Readonly<Record<string, string>> = {}): Stack {
  if (!PYTHON) throw new Error('no PYTHON');
  template ??= transform();
  return resolve(template, { ApiKeys: 'acme:0123456789abcdef', ...given });
}

/** Name and properties of what is of a type. */
export const of = ({ resources }: Stack, type: string) =>
  Object.entries(resources).flatMap(([name, one]) => (one.Type === type ? [[name, one.Properties] as const] : []));

export const functions = (made: Stack) => Object.fromEntries(of(made, 'AWS::Lambda::Function'));

export const environment = (made: Stack, name = 'Resizer') =>
  (functions(made)[name]?.Environment as { Variables: Record<string, string> } | undefined)?.Variables ?? {};
