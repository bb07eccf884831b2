/** Types of fixtures in which every key stands. */

/** All keys of a type and of what it holds, so that a new one does not compile until it stands in the fixture. */
export type Every<T> = T extends readonly (infer Item)[]
  ? Every<Item>[]
  : T extends object
    ? { [K in keyof Required<T>]: Every<T[K]> }
    : T;

/** The same where no key excludes another: each has a value. */
export type Whole<T> = T extends readonly (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [K in keyof Required<T>]: Whole<NonNullable<T[K]>> }
    : T;
