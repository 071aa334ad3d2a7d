import 'reflect-metadata';

import { expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { IamPasswordProvider } from './index.js';
import { IamPasswordModule } from './nest.js';

@Injectable()
class Users {
  constructor(readonly passwords: IamPasswordProvider) {}
}

const passwordsOf = async (passwords: DynamicModule): Promise<IamPasswordProvider> => {
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
  const passwords = await passwordsOf(IamPasswordModule.forRoot({ partitions: ['aws-cn'] }));
  expect(passwords).toBeInstanceOf(IamPasswordProvider);
});

it('provides a provider made from options that come later', async () => {
  const useFactory = () => Promise.resolve({ timeoutMs: 5_000 });
  const passwords = await passwordsOf(IamPasswordModule.forRootAsync({ useFactory }));
  expect(passwords).toBeInstanceOf(IamPasswordProvider);
});

it('stops the start when the options are wrong', async () => {
  await expect(passwordsOf(IamPasswordModule.forRoot({ endpoint: 'localhost' }))).rejects.toThrow(TypeError);
});
