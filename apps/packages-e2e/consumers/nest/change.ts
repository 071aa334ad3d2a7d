import 'reflect-metadata';

import { Injectable, Module } from '@nestjs/common';
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

@Injectable()
class Passwords {
  constructor(
    readonly cognito: CognitoPasswordProvider,
    readonly iam: IamPasswordProvider,
  ) {}
}

@Module({
  imports: [
    CognitoPasswordModule.forRoot({ endpoint }),
    IamPasswordModule.forRootAsync({ useFactory: () => ({ endpoint }) }),
  ],
  providers: [Passwords],
})
class App {}

class Fields {
  @IsCognitoPassword() cognito = ' a';
  @IsIamPassword() iam = '€';
  @IsCognitoAccessToken() token = '';
}

const app = await NestFactory.createApplicationContext(App, { logger: false });
const { cognito, iam } = app.get(Passwords);
const change = { currentPassword: demo.password, newPassword: 'New-Horse-2' };
await cognito.changePassword({ accessToken: demo.accessToken, ...change });
const passwords = { currentPassword: demo.iamPassword, newPassword: 'New-Staple-2' };
await iam.changePassword({ credentials: demo, ...passwords });

const facts = {
  cognito: sandbox.cognito.passwordMatches(demo.poolId, demo.username, 'New-Horse-2'),
  iam: sandbox.iam.passwordMatches(demo.iamUserName, 'New-Staple-2'),
  violations: validateSync(new Fields()).flatMap(({ constraints = {} }) => Object.keys(constraints)),
};
console.log(JSON.stringify(facts));
await app.close();
await sandbox.close();
