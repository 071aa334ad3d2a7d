import { ConfigurableModuleBuilder, Module } from '@nestjs/common';

import { IamPasswordProvider } from './iam-password-provider.js';
import type { IamPasswordProviderOptions } from './provider-options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<IamPasswordProviderOptions>().setClassMethodName('forRoot').build();

/**
 * Nest module that provides an {@link IamPasswordProvider} to inject: `forRoot` takes its options, `forRootAsync` a
 * factory or class that makes them.
 */
@Module({
  providers: [
    {
      provide: IamPasswordProvider,
      useFactory: (options: IamPasswordProviderOptions) => new IamPasswordProvider(options),
      inject: [MODULE_OPTIONS_TOKEN],
    },
  ],
  exports: [IamPasswordProvider],
})
export class IamPasswordModule extends ConfigurableModuleClass {}
