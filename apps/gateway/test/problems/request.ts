import { change, changeWithBytes, request } from '../support/http.js';
import { lines, ordinary, sendBytes, sendRequest } from '../support/raw-socket.js';
import { cognitoUser, iamUser, NEW, OLD, signed } from '../support/users.js';
import type { ProblemCase } from './case.js';

/** Requests that the gateway itself refuses for their form. */
export const REQUEST_CASES: readonly ProblemCase[] = [
  {
    name: 'a body that is not JSON',
    code: 'request_malformed',
    calls: 0,
    send: (stack) => changeWithBytes(stack, cognitoUser(stack).auth, '{"newPassword":'),
  },
  {
    name: 'an Idempotency-Key of odd characters',
    code: 'request_malformed',
    calls: 0,
    send: (stack) => change(stack, { ...cognitoUser(stack).auth, 'Idempotency-Key': 'two words' }),
  },
  {
    name: 'every field error of a Cognito change at once',
    code: 'request_invalid',
    calls: 0,
    provider: 'cognito',
    next: 'choose_another_password',
    errors: [
      '/currentPassword white_space_at_end',
      '/currentPassword too_long',
      '/newPassword not_a_string',
      '/UserName unknown_field',
    ],
    send: (stack) =>
      change(stack, cognitoUser(stack).auth, {
        currentPassword: ` ${'x'.repeat(256)}`,
        newPassword: 5,
        UserName: 'somebody-else',
      }),
  },
  {
    name: 'every field error of an IAM change at once',
    code: 'request_invalid',
    calls: 0,
    provider: 'iam',
    errors: [
      '/currentPassword required',
      '/newPassword too_long',
      '/newPassword character_not_allowed',
      '/OldPassword unknown_field',
    ],
    send: async (stack) =>
      change(stack, await signed(iamUser(stack).keys), {
        OldPassword: OLD,
        newPassword: `${'x'.repeat(128)}\u0100`,
      }),
  },
  {
    name: 'an unknown field whose name might be a value',
    code: 'request_invalid',
    calls: 0,
    next: 'contact_support',
    errors: [' unknown_field'],
    send: (stack) =>
      change(stack, cognitoUser(stack).auth, { currentPassword: OLD, newPassword: NEW, 'Pass word-1': '' }),
  },
  {
    name: 'no new password',
    code: 'request_invalid',
    calls: 0,
    errors: ['/newPassword required'],
    send: (stack) => change(stack, cognitoUser(stack).auth, { currentPassword: OLD }),
  },
  {
    name: 'null for a password',
    code: 'request_invalid',
    calls: 0,
    errors: ['/currentPassword not_a_string'],
    send: (stack) => change(stack, cognitoUser(stack).auth, { currentPassword: null, newPassword: NEW }),
  },
  {
    name: 'an empty password',
    code: 'request_invalid',
    calls: 0,
    errors: ['/currentPassword too_short'],
    send: (stack) => change(stack, cognitoUser(stack).auth, { currentPassword: '', newPassword: NEW }),
  },
  {
    name: 'a body of 17 KiB',
    code: 'request_too_large',
    calls: 0,
    send: (stack) =>
      change(stack, cognitoUser(stack).auth, { currentPassword: OLD, newPassword: 'x'.repeat(17 * 1024) }),
  },
  {
    name: 'plain text',
    code: 'media_type_unsupported',
    calls: 0,
    send: (stack) =>
      changeWithBytes(
        stack,
        { ...cognitoUser(stack).auth, 'Content-Type': 'text/plain' },
        `currentPassword=${OLD}&newPassword=${NEW}`,
      ),
  },
  {
    name: 'headers that never end',
    code: 'request_timeout',
    calls: 0,
    send: (stack) =>
      sendBytes(stack, Buffer.from('POST /password/change HTTP/1.1\r\nHost: gateway.test\r\nX-Unfinished: ')),
  },
  {
    name: 'a header of 17 KiB',
    code: 'headers_too_large',
    calls: 0,
    send: (stack) => sendRequest(stack, { headers: ordinary(`X-Large: ${'x'.repeat(17 * 1024)}`) }),
  },
  {
    name: 'another path',
    code: 'route_not_found',
    calls: 0,
    send: (stack) => request(stack, '/password'),
  },
  {
    name: 'another method',
    code: 'method_not_allowed',
    calls: 0,
    send: (stack) => request(stack, '/password/change'),
  },
  {
    name: 'another method, with a body',
    code: 'method_not_allowed',
    calls: 0,
    send: (stack) =>
      sendRequest(stack, {
        requestLine: 'PUT /password/change HTTP/1.1',
        headers: ordinary(...lines(cognitoUser(stack).auth)),
      }),
  },
];
