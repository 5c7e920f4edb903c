/**
 * Lambda entry point of an authorizer for a REST API with a usage plan, which counts and limits the requests of each key. It
 * maps a request to the API key of the usage plan: the SHA-256 hash of its key, or of the key's id for a signed URL. The image
 * function checks the key again, and its policy.
 *
 * Source: API Gateway, "Choose an API key source", `usageIdentifierKey`.
 */
import { startAuthorizer } from './usage-plan.ts';

export const handler = await startAuthorizer(process.env);
