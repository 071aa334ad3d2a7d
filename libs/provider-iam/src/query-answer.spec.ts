import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from '@jest/globals';

import { iamException } from './query-answer.js';

const client = new IAMClient({ region: 'us-east-1' });

const read = (body: string, headers: Record<string, string> = {}) =>
  iamException(client, { statusCode: 403, headers, body: new TextEncoder().encode(body) });

const errorXml = (code: string, message: string) =>
  `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;

describe('iamException', () => {
  it.each([
    ['of a modelled exception, as it stands in the XML', 'NoSuchEntity'],
    ['of a common error', 'AccessDenied'],
    ['that nobody knows', 'BrandNew'],
  ])('reads a code %s', async (_, code) => {
    expect(await read(errorXml(code, 'In words.'))).toEqual({ name: code, message: 'In words.' });
  });

  it('reads entities, a declaration and no message', async () => {
    const xml = `<?xml version="1.0"?>\n${errorXml('AccessDenied', 'a &lt;b&gt; &#39;c&#39; &amp;')}`;
    expect(await read(xml)).toEqual({ name: 'AccessDenied', message: "a <b> 'c' &" });
    expect(await read(errorXml('AccessDenied', ''))).toMatchObject({ name: 'AccessDenied' });
  });

  it('leaves the headers alone', async () => {
    const headers = { 'x-amzn-requestid': 'r-1', 'content-type': 'text/xml' };
    await read(errorXml('AccessDenied', ''), headers);
    expect(headers).toEqual({ 'x-amzn-requestid': 'r-1', 'content-type': 'text/xml' });
  });

  it.each([
    '',
    'Forbidden',
    '<html><body><b>Forbidden</b></body></html>',
    '<!DOCTYPE html><html></html>',
    ...[1, 40, 100, 130, 200].map((length) => errorXml('AccessDenied', 'The old password').slice(0, length)),
    errorXml('AccessDenied', 'The old password').slice(0, -1),
    errorXml('', 'no code'),
    '<ErrorResponse></ErrorResponse>',
    '<ErrorResponse><Error><Code><a/></Code></Error></ErrorResponse>',
    '<ErrorResponse><Error><Code>AccessDenied</Code><Code>Throttling</Code></Error></ErrorResponse>',
    '{"__type":"AccessDenied"}',
  ])('finds none in %j', async (body) => {
    expect(await read(body)).toBeUndefined();
  });
});
