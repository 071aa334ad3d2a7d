// (c) The same as (b) in Nest on Express. Plain JavaScript has no decorators, so they are called.
import 'reflect-metadata';

import {
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { Body, Controller, Get, Headers, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { env } from 'node:process';

const client = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint: env.COGNITO_URL });

class AppController {
  live() {
    return { status: 'live' };
  }

  async change(authorization, body) {
    await client.send(
      new ChangePasswordCommand({
        AccessToken: authorization.slice('Bearer '.length),
        PreviousPassword: body.currentPassword,
        ProposedPassword: body.newPassword,
      }),
    );
    return { status: 'changed' };
  }
}

function decorate(name, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(AppController.prototype, name);
  for (const decorator of decorators) decorator(AppController.prototype, name, descriptor);
}

Controller()(AppController);
decorate('live', Get('health/live'));
decorate('change', Post('password/change'), HttpCode(200));
Headers('authorization')(AppController.prototype, 'change', 0);
Body()(AppController.prototype, 'change', 1);

class AppModule {}
Module({ controllers: [AppController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(Number(env.PORT), '127.0.0.1');
