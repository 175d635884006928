/** What somebody types, once they pause: for what is too much to do at each key. */
import { useEffect, useState } from 'react';

/** @returns what `value` was when it last stood still for `ms` */
export function useRested<Value>(value: Value, ms: number): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    if (value === rested) return;
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, rested, ms]);
  return rested;
}
