/** A control request that cannot be understood; the text goes back to the caller. */
export class ControlInputError extends Error {
  override readonly name = 'ControlInputError';
}

/** The fields of a JSON object, read with their types checked. Null counts as absent, except in `textOrNull`. */
export class JsonFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @throws ControlInputError when the value is not an object */
  constructor(value: unknown, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ControlInputError('expected a JSON object');
    }
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new ControlInputError(`unknown field "${unknown}"; known: ${known.join(', ')}`);
    }
    this.#fields = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** Any value, to be read further. */
  raw(name: string): unknown {
    return this.#value(name);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new ControlInputError(`"${name}" is missing`);
    return value;
  }

  text(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new ControlInputError(`"${name}" must be a string`);
  }

  /** A string, null, or undefined when the field is absent. */
  textOrNull(name: string): string | null | undefined {
    return this.#fields[name] === null ? null : this.text(name);
  }

  number(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'number') return value;
    throw new ControlInputError(`"${name}" must be a number`);
  }

  flag(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw new ControlInputError(`"${name}" must be true or false`);
  }

  /** One of these strings. */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) {
      throw new ControlInputError(`"${name}" must be one of ${allowed.join(', ')}`);
    }
    return found;
  }

  /** A nested object whose own fields are not checked. */
  object(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    throw new ControlInputError(`"${name}" must be an object`);
  }

  #value(name: string): unknown {
    return (Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined) ?? undefined;
  }
}

/** A copy without the members that are undefined, so that they do not overwrite defaults. */
export function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
