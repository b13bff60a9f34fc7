/** Freezes plain data in depth; what is frozen already is taken to be so in depth. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  // By key: a list of all values would be made for every object of every event.
  for (const key in value) deepFreeze(value[key]);
  return value;
}
