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
   * @param options - as the provider takes them
   */
  static forRoot(options: IamPasswordProviderOptions): DynamicModule {
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
    return {
      module: IamPasswordModule,
      imports,
      providers: [
        {
          provide: IamPasswordProvider,
          inject,
          useFactory: async (...injected: unknown[]) =>
            new IamPasswordProvider(await useFactory(...injected)),
        },
      ],
      exports: [IamPasswordProvider],
    };
  }
}
