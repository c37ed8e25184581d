/**
 * Columns of a table that is kept in memory whole: a row is a place in each of them, and no object. A million rows of
 * objects take gigabytes and keep the garbage collector busy; so they take some hundred bytes a row, hardly any of
 * which it has to look at.
 *
 * Places count from 0 and are filled in order.
 */

/** The first room of a column; it doubles as it fills. */
const FIRST_ROOM = 1024;

export interface CompactColumn<Value> {
  /** Fills the next place. */
  push(value: Value): void;
  /** What is at a place that was filled. */
  at(place: number): Value;
}

/** Numbers, `null` where there is none. */
export function createNumbers<Value extends number | null>(): CompactColumn<Value> {
  let values = new Float64Array(FIRST_ROOM);
  let count = 0;
  return {
    push(value) {
      if (count === values.length) values = doubled(values, new Float64Array(2 * count));
      values[count++] = value ?? Number.NaN;
    },
    at(place) {
      const value = values[place] ?? Number.NaN;
      return (Number.isNaN(value) ? null : value) as Value;
    },
  };
}

/** Words out of a few: each is kept once, and a place holds its number. */
export function createWords<Word extends string | null>(): CompactColumn<Word> {
  const numbers = new Map<Word, number>();
  const words: Word[] = [];
  let places = new Uint32Array(FIRST_ROOM);
  let count = 0;
  return {
    push(word) {
      if (count === places.length) places = doubled(places, new Uint32Array(2 * count));
      const number = numbers.get(word) ?? words.length;
      if (number === words.length) {
        numbers.set(word, number);
        words.push(word);
      }
      places[count++] = number;
    },
    at: (place) => words[places[place] ?? -1] as Word,
  };
}

/** Texts that mostly differ, such as ids: one after the other in one block of bytes. The empty one is none. */
export function createTexts<Text extends string | null>(): CompactColumn<Text> {
  let ends = new Float64Array(FIRST_ROOM);
  let bytes = Buffer.allocUnsafeSlow(16 * FIRST_ROOM);
  let count = 0;
  let used = 0;
  return {
    push(value) {
      const text = value ?? "";
      if (count === ends.length) ends = doubled(ends, new Float64Array(2 * count));
      // No letter of a JavaScript string takes more than three bytes of UTF-8.
      const most = used + 3 * text.length;
      if (most > bytes.length) bytes = doubled(bytes, Buffer.allocUnsafeSlow(2 * most));
      used += bytes.write(text, used);
      ends[count++] = used;
    },
    at(place) {
      const from = place === 0 ? 0 : (ends[place - 1] ?? 0);
      return (bytes.toString("utf8", from, ends[place] ?? from) || null) as Text;
    },
  };
}

/** The larger array, beginning with what the smaller one holds. */
function doubled<Values extends Float64Array | Uint32Array | Uint8Array>(
  smaller: Values,
  larger: Values,
): Values {
  larger.set(smaller);
  return larger;
}
