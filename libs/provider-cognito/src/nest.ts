import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';

import { CognitoPasswordProvider } from './cognito-password-provider.js';
import type { CognitoPasswordProviderOptions } from './provider-options.js';

/** How `forRootAsync` gets the options: `useFactory` makes them from what `inject` names and `imports` provide. */
export type CognitoPasswordModuleAsyncOptions = Pick<
  FactoryProvider<CognitoPasswordProviderOptions>,
  'inject' | 'useFactory'
> &
  Pick<ModuleMetadata, 'imports'>;

/** Nest module that provides `CognitoPasswordProvider` to inject. */
@Module({})
export class CognitoPasswordModule {
  /**
   * The module with options that are known.
   *
   * @param options - as the provider takes them
   */
  static forRoot(options: CognitoPasswordProviderOptions): DynamicModule {
    return CognitoPasswordModule.forRootAsync({ useFactory: () => options });
  }

  /**
   * The module with options that are yet to be made, for instance from a configuration service.
   *
   * @param options - how they are made
   */
  static forRootAsync({
    imports = [],
    inject = [],
    useFactory,
  }: CognitoPasswordModuleAsyncOptions): DynamicModule {
    return {
      module: CognitoPasswordModule,
      imports,
      providers: [
        {
          provide: CognitoPasswordProvider,
          inject,
          useFactory: async (...injected: unknown[]) =>
            new CognitoPasswordProvider(await useFactory(...injected)),
        },
      ],
      exports: [CognitoPasswordProvider],
    };
  }
}
