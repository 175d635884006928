/** Something that is made when it is needed first, and once: a browser takes long over its formats, which the start would wait for. */
export function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
