import 'reflect-metadata';

import { expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { StubHandler } from '../test/stub-handler.js';
import { IamPasswordProvider, type IamPasswordProviderOptions } from './index.js';
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

it.each([
  ['known', (options: IamPasswordProviderOptions) => IamPasswordModule.forRoot(options)],
  [
    'made',
    (options: IamPasswordProviderOptions) => IamPasswordModule.forRootAsync({ useFactory: () => options }),
  ],
])(
  'keeps apart two modules whose options are %s, also under module ids by deep hash',
  async (_, moduleOf) => {
    const requestHandler = new StubHandler();
    @Module({ imports: [moduleOf({ partitions: ['aws'], requestHandler })], providers: [Users] })
    class First {}
    @Module({ imports: [moduleOf({ partitions: ['aws-cn'], requestHandler })], providers: [Users] })
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
      await passwords.changePassword({
        credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
        currentPassword: 'Old-Password-1',
        newPassword: 'New-Password-2',
      });
      hosts.push(requestHandler.request?.hostname);
    }
    await app.close();
    expect(hosts).toEqual(['iam.amazonaws.com', 'iam.cn-north-1.amazonaws.com.cn']);
  },
);

it('provides a provider of AWS itself when no options are given', async () => {
  expect(await passwordsOf(IamPasswordModule.forRoot())).toBeInstanceOf(IamPasswordProvider);
});
