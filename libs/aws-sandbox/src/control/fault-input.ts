import type { Fault, FaultScript } from '../faults.js';
import { ControlInputError, JsonFields } from './json-fields.js';

const FAULT_FIELDS = [
  'kind',
  'code',
  'message',
  'status',
  'bytesPerSecond',
  'ms',
  'body',
  'contentType',
  'commit',
  'location',
  'framing',
  'bytes',
  'challenge',
] as const;

const KINDS = [
  'error',
  'commit-then-reset',
  'commit-then-hang',
  'reset',
  'hang',
  'slow-drip',
  'delay',
  'status',
  'redirect',
  'html',
  'truncated',
  'large',
  'waf',
] as const satisfies readonly Fault['kind'][];

/** Reads `{ service?, action?, times?, fault: { kind, … } }`; `times: "always"` never ends. */
export function faultScriptFrom(value: unknown): FaultScript {
  const fields = new JsonFields(value, ['service', 'action', 'times', 'fault']);
  const times = fields.raw('times') === 'always' ? Infinity : fields.number('times');
  if (times !== undefined && !(times >= 1)) throw new ControlInputError('"times" must be at least 1');
  return {
    service: fields.oneOf('service', ['cognito-idp', 'iam', 'sts', 'jwks']),
    action: fields.text('action'),
    times,
    fault: faultFrom(new JsonFields(fields.raw('fault'), FAULT_FIELDS)),
  };
}

function faultFrom(fields: JsonFields): Fault {
  const kind = fields.oneOf('kind', KINDS);
  const commit = fields.flag('commit');
  switch (kind) {
    case undefined:
      throw new ControlInputError('"kind" is missing');
    case 'error':
      return {
        kind,
        code: fields.requiredText('code'),
        message: fields.text('message'),
        status: statusOf(fields),
      };
    case 'slow-drip':
      return { kind, bytesPerSecond: positive(fields, 'bytesPerSecond') };
    case 'delay':
      return { kind, ms: positive(fields, 'ms') ?? 0 };
    case 'status':
      return {
        kind,
        status: statusOf(fields) ?? 500,
        body: fields.text('body'),
        contentType: fields.text('contentType'),
        commit,
      };
    case 'redirect':
      return { kind, location: fields.requiredText('location'), status: statusOf(fields), commit };
    case 'html':
      return { kind, commit };
    case 'truncated':
      return { kind, framing: fields.oneOf('framing', ['broken', 'intact']) };
    case 'large':
      return { kind, bytes: positive(fields, 'bytes') ?? 10 * 1024 * 1024 };
    case 'waf':
      return { kind, challenge: fields.oneOf('challenge', ['captcha', 'challenge']) ?? 'captcha' };
    default:
      return { kind };
  }
}

function statusOf(fields: JsonFields): number | undefined {
  const status = fields.number('status');
  if (status === undefined || (Number.isInteger(status) && status >= 200 && status <= 599)) return status;
  throw new ControlInputError('"status" must be between 200 and 599');
}

function positive(fields: JsonFields, name: string): number | undefined {
  const value = fields.number(name);
  if (value === undefined || value > 0) return value;
  throw new ControlInputError(`"${name}" must be above 0`);
}
