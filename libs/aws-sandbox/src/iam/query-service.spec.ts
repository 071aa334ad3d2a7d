import { GetAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failureOf, iamClient } from '../../test/clients.js';
import { sendSigned } from '../../test/signed-request.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';
import type { AccessKey } from './iam-control.js';

let sandbox: AwsSandbox;
let key: AccessKey;

beforeAll(async () => {
  sandbox = await startAwsSandbox({ accountId: '111122223333' });
  sandbox.iam.createUser({ userName: 'bob' });
  key = sandbox.iam.createAccessKey('bob');
});

afterAll(async () => {
  await sandbox.close();
});

describe('GetAccountPasswordPolicy', () => {
  const get = () => iamClient(sandbox, key).send(new GetAccountPasswordPolicyCommand({}));

  it('tells that there is none', async () => {
    sandbox.iam.setPasswordPolicy(null);
    expect(await failureOf(get())).toEqual({
      name: 'NoSuchEntityException',
      message: 'The Password Policy with domain name 111122223333 cannot be found.',
      status: 404,
    });
  });

  it('tells the policy of the account', async () => {
    sandbox.iam.setPasswordPolicy({ minimumPasswordLength: 12, passwordReusePrevention: 3 });
    expect((await get()).PasswordPolicy).toMatchObject({
      MinimumPasswordLength: 12,
      RequireSymbols: false,
      AllowUsersToChangePassword: true,
      PasswordReusePrevention: 3,
    });
  });
});

describe('GetCallerIdentity', () => {
  const ask = (credentials: AccessKey, host = 'sts.amazonaws.com', region = 'us-east-1') =>
    sendSigned(sandbox, {
      credentials,
      service: 'sts',
      host,
      region,
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });

  it.each([
    ['sts.amazonaws.com', 'us-east-1', 'aws'],
    ['sts.eu-west-1.amazonaws.com', 'eu-west-1', 'aws'],
    ['sts.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'aws-cn'],
    ['127.0.0.1:4566', 'us-gov-west-1', 'aws-us-gov'],
  ])('answers at %s', async (host, region, partition) => {
    const answer = await ask(key, host, region);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    );
    expect(answer.body).toContain(`<Arn>arn:${partition}:iam::111122223333:user/bob</Arn>`);
    expect(sandbox.calls.at(-1)).toMatchObject({ service: 'sts', action: 'GetCallerIdentity', status: 200 });
  });

  it('knows root', async () => {
    const answer = await ask(sandbox.iam.createAccessKey('root'));
    expect(answer.body).toContain('<Arn>arn:aws:iam::111122223333:root</Arn>');
    expect(answer.body).toContain('<UserId>111122223333</UserId>');
  });

  it('refuses a signature for another region or service', async () => {
    expect((await ask(key, 'sts.eu-west-1.amazonaws.com', 'us-east-1')).status).toBe(403);
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    expect((await sendSigned(sandbox, { credentials: key, service: 'iam', body })).status).toBe(403);
  });
});

describe('the Query protocol', () => {
  it.each([
    ['Version=2010-05-08', 'MissingAction'],
    ['Action=DeleteUser&Version=2010-05-08', 'InvalidAction'],
    ['Action=ChangePassword&Version=2011-06-15', 'InvalidAction'],
    ['Action=ChangePassword', 'InvalidAction'],
    ['Action=ChangePassword&Version=2010-05-08&OldPassword=a&OldPassword=b', 'MalformedInput'],
    ['Action=ChangePassword&Version=2010-05-08&OldPassword=%zz', 'MalformedInput'],
    ['Action=ChangePassword&Version=2010-05-08&OldPassword=%ff', 'MalformedInput'],
  ])('refuses %s', async (body, code) => {
    const answer = await sendSigned(sandbox, { credentials: key, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
  });

  it('names an unknown operation and escapes what it names', async () => {
    const body = 'Action=%3Cx%20y%3D%22%27%26%00%3E&Version=2010-05-08';
    const answer = await sendSigned(sandbox, { credentials: key, body });
    expect(answer.body).toContain(
      '<Message>Could not find operation &lt;x y=&quot;&#39;&amp;\ufffd&gt; for version 2010-05-08</Message>',
    );
    expect(answer.body).toContain('<Type>Sender</Type>');
  });
});
