/** Leaves out what only documents: the arguments of the OpenAPI decorators decide nothing. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'documentation',
    value: {
      shouldIgnore: ({ node }) =>
        node.type === 'Decorator' && /^Api[A-Z]/.test(node.expression.callee?.name ?? '')
          ? 'documentation of the API'
          : undefined,
    },
  },
];
