const CHUNK = 32;

/** A map that is never changed: `with` gives another one and shares with it all that is the same. Keeps the order of its keys. */
export class KeptMap<K, V> implements ReadonlyMap<K, V> {
  readonly #places: ReadonlyMap<K, number>;
  readonly #chunks: readonly (readonly V[])[];

  private constructor(places: ReadonlyMap<K, number>, chunks: readonly (readonly V[])[]) {
    this.#places = places;
    this.#chunks = chunks;
  }

  static of<K, V>(entries: Iterable<readonly [K, V]>): KeptMap<K, V> {
    const known = new Map(entries);
    const values = [...known.values()];
    const chunks: (readonly V[])[] = [];
    for (let at = 0; at < values.length; at += CHUNK) chunks.push(values.slice(at, at + CHUNK));
    return new KeptMap(new Map([...known.keys()].map((key, place) => [key, place])), chunks);
  }

  get size(): number {
    return this.#places.size;
  }

  get(key: K): V | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#at(place);
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  /** The map with another value of a key that it has, or with one key more at its end. */
  with(key: K, value: V): KeptMap<K, V> {
    const place = this.#places.get(key);
    if (place === undefined) return KeptMap.of([...this, [key, value]]);
    const nth = Math.floor(place / CHUNK);
    const chunk = this.#chunks[nth] ?? [];
    return new KeptMap(this.#places, this.#chunks.with(nth, chunk.with(place % CHUNK, value)));
  }

  keys(): MapIterator<K> {
    return this.#places.keys();
  }

  *values(): MapIterator<V> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  *entries(): MapIterator<[K, V]> {
    const values = this.values();
    for (const key of this.#places.keys()) {
      const { value, done } = values.next();
      if (done !== true) yield [key, value];
    }
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) callback(value, key, this);
  }

  #at(place: number): V | undefined {
    return this.#chunks[Math.floor(place / CHUNK)]?.[place % CHUNK];
  }
}
