import { ConfigurableModuleBuilder, Module } from '@nestjs/common';

import { CognitoPasswordProvider } from './cognito-password-provider.js';
import type { CognitoPasswordProviderOptions } from './provider-options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<CognitoPasswordProviderOptions>().setClassMethodName('forRoot').build();

/**
 * Nest module that provides a {@link CognitoPasswordProvider} to inject: `forRoot` takes its options, `forRootAsync` a
 * factory or class that makes them.
 */
@Module({
  providers: [
    {
      provide: CognitoPasswordProvider,
      useFactory: (options: CognitoPasswordProviderOptions) => new CognitoPasswordProvider(options),
      inject: [MODULE_OPTIONS_TOKEN],
    },
  ],
  exports: [CognitoPasswordProvider],
})
export class CognitoPasswordModule extends ConfigurableModuleClass {}
