import { renewDemoCognitoUser, renewDemoIamUser } from '../demo.js';
import type { AwsSandbox } from '../sandbox.js';
import type { ControlRoute } from './control.js';
import { ControlInputError } from './json-fields.js';

/** The control routes of the demonstration users; their answers are listed in `control.ts`. */
export function demoRoutes(sandbox: AwsSandbox): Readonly<Record<string, ControlRoute>> {
  const demo = () => {
    if (sandbox.demo === undefined) throw new ControlInputError('this sandbox has no demonstration users');
    return sandbox.demo;
  };
  return {
    'POST /_sandbox/demo/cognito': () => renewDemoCognitoUser(sandbox, demo()),
    'POST /_sandbox/demo/iam': () => renewDemoIamUser(sandbox, demo()),
  };
}
