import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';
import { CognitoPasswordModule } from '@password-gateway/provider-cognito/nest';
import { IamPasswordProvider } from '@password-gateway/provider-iam';
import { IamPasswordModule } from '@password-gateway/provider-iam/nest';
import {
  IsCognitoAccessToken,
  IsCognitoPassword,
  IsIamPassword,
} from '@password-gateway/validators/decorators';
import { validateSync } from 'class-validator';

const sandbox = await startAwsSandbox();
const demo = seedDemo(sandbox);
const endpoint = sandbox.url;

class App {}
const imports = [
  CognitoPasswordModule.forRoot({ endpoint }),
  IamPasswordModule.forRootAsync({ useFactory: () => ({ endpoint }) }),
];
Module({ imports })(App);
const app = await NestFactory.createApplicationContext(App, { logger: false });

const change = { currentPassword: demo.password, newPassword: 'New-Horse-2' };
await app.get(CognitoPasswordProvider).changePassword({ accessToken: demo.accessToken, ...change });
const passwords = { currentPassword: demo.iamPassword, newPassword: 'New-Staple-2' };
await app.get(IamPasswordProvider).changePassword({ credentials: demo, ...passwords });

class Fields {
  cognito = ' ';
  iam = '€';
  token = '';
}
IsCognitoPassword()(Fields.prototype, 'cognito');
IsIamPassword()(Fields.prototype, 'iam');
IsCognitoAccessToken()(Fields.prototype, 'token');

const facts = {
  cognito: sandbox.cognito.passwordMatches(demo.poolId, demo.username, 'New-Horse-2'),
  iam: sandbox.iam.passwordMatches(demo.iamUserName, 'New-Staple-2'),
  violations: validateSync(new Fields()).flatMap(({ constraints }) => Object.keys(constraints)),
};
console.log(JSON.stringify(facts));
await app.close();
await sandbox.close();
