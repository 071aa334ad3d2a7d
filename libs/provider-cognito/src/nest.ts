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
    // Nest's ids by deep hash see a factory's text and not what it closes over: without a token of its own, a module
    // would be taken for another one, and passwords sent to the other's place.
    const token = `CognitoPasswordProviderOptions ${crypto.randomUUID()}`;
    return {
      module: CognitoPasswordModule,
      imports,
      providers: [
        { provide: token, inject, useFactory },
        {
          provide: CognitoPasswordProvider,
          inject: [token],
          useFactory: (options: CognitoPasswordProviderOptions) => new CognitoPasswordProvider(options),
        },
      ],
      exports: [CognitoPasswordProvider],
    };
  }
}
