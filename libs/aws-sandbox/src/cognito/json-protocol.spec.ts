import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sendRaw } from '../../test/signed-request.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';

let sandbox: AwsSandbox;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
});

afterAll(async () => {
  await sandbox.close();
});

function post(body: string, operation = 'ChangePassword') {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
  };
  return sendRaw(sandbox, { headers, body });
}

it.each(['', 'null', '[]', '{"AccessToken":', '"text"'])('refuses the body %j', async (body) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  const expected = body === '' ? 'InvalidParameterException' : 'SerializationException';
  expect(JSON.parse(answer.body)).toHaveProperty('__type', expected);
});

it.each([
  [1, 'NUMBER_VALUE can not be converted to a String'],
  [{}, 'Start of structure or map found where not expected.'],
])('refuses %j where a string belongs', async (value, message) => {
  const answer = await post(JSON.stringify({ AccessToken: value }));
  expect(JSON.parse(answer.body)).toEqual({ __type: 'SerializationException', message });
});

it('does not know other operations', async () => {
  const answer = await post('{}', 'AdminSetUserPassword');
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toHaveProperty('__type', 'UnknownOperationException');
});

it('names the error in the headers as well, with a colon behind it', async () => {
  const answer = await post('{}');
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-errortype': 'InvalidParameterException:',
    'x-amzn-errormessage': expect.stringMatching(/^2 validation errors detected: /u),
  });
});

it('sends texts in headers that HTTP allows there', async () => {
  const { id } = sandbox.cognito.createUserPool();
  sandbox.cognito.createUser(id, { username: 'alice', password: 'Some-Password-1' });
  const { accessToken } = sandbox.cognito.issueTokens(id, 'alice');
  sandbox.faults.next({ fault: { kind: 'error', code: 'Strange', message: 'ü\nx' } });
  const answer = await post(
    JSON.stringify({ AccessToken: accessToken, ProposedPassword: 'Other-Password-2' }),
  );
  expect(answer.headers).toMatchObject({ 'x-amzn-errormessage': '??x' });
  expect(JSON.parse(answer.body)).toEqual({ __type: 'Strange', message: 'ü\nx' });
});
