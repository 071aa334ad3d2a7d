/** The parts of Swagger UI's plugin interface that the page uses; the package brings no types. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** A React element; opaque here. */
  export type ReactNode = object | string | null | undefined;

  /** A React component, or the name of an HTML element. */
  export type Component = string | ((props: Readonly<Record<string, unknown>>) => ReactNode);

  /** What Swagger UI gives to its plugins. */
  export interface System {
    readonly React: {
      readonly createElement: (type: Component, props: object | null, ...children: ReactNode[]) => ReactNode;
      readonly Fragment: Component;
    };
    readonly getComponent: (name: string, container?: boolean) => Component;
    readonly oas3Actions: {
      readonly setRequestContentType: (change: {
        value: string;
        pathMethod: readonly [string, string];
      }) => void;
      readonly setRequestBodyValue: (change: {
        value: string;
        pathMethod: readonly [string, string];
      }) => void;
    };
  }

  /** One extension of Swagger UI. */
  export interface Plugin {
    readonly components?: Readonly<Record<string, Component>>;
    readonly wrapComponents?: Readonly<Record<string, (original: Component, system: System) => Component>>;
  }

  export default function SwaggerUI(options: {
    readonly domNode: HTMLElement;
    readonly spec: object;
    readonly layout: string;
    readonly plugins: readonly ((system: System) => Plugin)[];
    readonly [option: string]: unknown;
  }): { getSystem(): System };
}
