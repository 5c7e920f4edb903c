/** Stacks made from the template, and the parts of them that tests read. Needs PYTHON. */
import { METRICS as FUNCTION_METRICS } from '../src/middlewares/metrics.ts';
import { resolve, type Stack, type Template } from './template-resolve.ts';
import { PYTHON, transform } from './template-sam.ts';

/** Names of the metrics that the functions emit for each request. */
export const METRICS = Object.keys(FUNCTION_METRICS);
/** Names of Lambda's own metrics, as far as the template uses them. */
export const LAMBDA_METRICS = ['Invocations', 'Errors', 'Throttles', 'ConcurrentExecutions'];

/** Parameters that switch every event source on. */
export const EVENT_SOURCES = { Cdn: 'on', RestApi: 'on', StreamingApi: 'on', HttpApi: 'on', UsagePlan: 'on' };
/** Parameters of a deployment with the batch function. */
export const BATCH = { Batch: 'on', ResultBucket: 'on', Presets: 'thumb=w=200' };
/** Parameters of the smallest deployment: one REST API. */
export const REST_ONLY = { Cdn: 'off', RestApi: 'on' };

let template: Template | undefined;
/** Resolves the template to a stack with an API key; its name is `pictures`. */
export function stack(overrides: Readonly<Record<string, string>> = {}): Stack {
  if (!PYTHON) throw new Error('no PYTHON');
  template ??= transform();
  return resolve(template, { ApiKeys: 'acme:0123456789abcdef', ...overrides });
}

/** Finds the resources of a type: name and properties. */
export const resourcesOfType = ({ resources }: Stack, type: string) =>
  Object.entries(resources).flatMap(([name, one]) => (one.Type === type ? [[name, one.Properties] as const] : []));

export const lambdaFunctions = (made: Stack) => Object.fromEntries(resourcesOfType(made, 'AWS::Lambda::Function'));

export const environment = (made: Stack, name = 'Resizer') =>
  (lambdaFunctions(made)[name]?.Environment as { Variables: Record<string, string> } | undefined)?.Variables ?? {};
