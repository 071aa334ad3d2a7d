import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';

import { IamPasswordProvider } from './iam-password-provider.js';
import type { IamPasswordProviderOptions } from './provider-options.js';

/** How `forRootAsync` gets the options: `useFactory` makes them from what `inject` names and `imports` provide. */
export type IamPasswordModuleAsyncOptions = Pick<
  FactoryProvider<IamPasswordProviderOptions>,
  'inject' | 'useFactory'
> &
  Pick<ModuleMetadata, 'imports'>;

/** Nest module that provides `IamPasswordProvider` to inject. */
@Module({})
export class IamPasswordModule {
  /**
   * The module with options that are known.
   *
   * @param options - as the provider takes them; AWS itself by default
   */
  static forRoot(options: IamPasswordProviderOptions = {}): DynamicModule {
    return IamPasswordModule.forRootAsync({ useFactory: () => options });
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
  }: IamPasswordModuleAsyncOptions): DynamicModule {
    // Nest's ids by deep hash see a factory's text and not what it closes over: without a token of its own, a module
    // would be taken for another one, and passwords sent to the other's place.
    const token = `IamPasswordProviderOptions ${crypto.randomUUID()}`;
    return {
      module: IamPasswordModule,
      imports,
      providers: [
        { provide: token, inject, useFactory },
        {
          provide: IamPasswordProvider,
          inject: [token],
          useFactory: (options: IamPasswordProviderOptions) => new IamPasswordProvider(options),
        },
      ],
      exports: [IamPasswordProvider],
    };
  }
}
