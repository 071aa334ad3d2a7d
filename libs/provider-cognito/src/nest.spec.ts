import 'reflect-metadata';

import { expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { CognitoPasswordModule } from './nest.js';
import { CognitoPasswordProvider } from './index.js';

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
