import 'reflect-metadata';

import { expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { StubHandler } from '../test/stub-handler.js';
import { CognitoPasswordProvider, type CognitoPasswordProviderOptions } from './index.js';
import { CognitoPasswordModule } from './nest.js';

@Injectable()
class Users {
  constructor(readonly passwords: CognitoPasswordProvider) {}
}

const passwordsOf = async (passwords: DynamicModule): Promise<CognitoPasswordProvider> => {
  @Module({ imports: [passwords], providers: [Users] })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  try {
    return app.get(Users).passwords;
  } finally {
    await app.close();
  }
};

it('provides a provider made from options', async () => {
  const passwords = await passwordsOf(CognitoPasswordModule.forRoot({ region: 'eu-central-1' }));
  expect(passwords).toBeInstanceOf(CognitoPasswordProvider);
});

it('provides a provider made from options that come later', async () => {
  const useFactory = () => Promise.resolve({ region: 'eu-central-1' });
  const passwords = await passwordsOf(CognitoPasswordModule.forRootAsync({ useFactory }));
  expect(passwords).toBeInstanceOf(CognitoPasswordProvider);
});

it('stops the start when the options are wrong', async () => {
  await expect(passwordsOf(CognitoPasswordModule.forRoot({ region: '' }))).rejects.toThrow(TypeError);
});

it.each([
  ['known', (options: CognitoPasswordProviderOptions) => CognitoPasswordModule.forRoot(options)],
  [
    'made',
    (options: CognitoPasswordProviderOptions) =>
      CognitoPasswordModule.forRootAsync({ useFactory: () => options }),
  ],
])(
  'keeps apart two modules whose options are %s, also under module ids by deep hash',
  async (_, moduleOf) => {
    const requestHandler = new StubHandler();
    @Module({ imports: [moduleOf({ region: 'eu-central-1', requestHandler })], providers: [Users] })
    class First {}
    @Module({ imports: [moduleOf({ region: 'us-east-1', requestHandler })], providers: [Users] })
    class Second {}
    @Module({ imports: [First, Second] })
    class App {}
    const app = await NestFactory.createApplicationContext(App, {
      logger: false,
      abortOnError: false,
      moduleIdGeneratorAlgorithm: 'deep-hash',
    });
    const hosts = [];
    for (const part of [First, Second]) {
      const { passwords } = app.select(part).get(Users, { strict: true });
      await passwords.changePassword({ accessToken: 'a.b.c', newPassword: 'New-Password-2' });
      hosts.push(requestHandler.request?.hostname);
    }
    await app.close();
    expect(hosts).toEqual(['cognito-idp.eu-central-1.amazonaws.com', 'cognito-idp.us-east-1.amazonaws.com']);
  },
);
