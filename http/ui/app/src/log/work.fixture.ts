/// Work is counted, not timed: how many characters strings and patterns have to look at, at worst.

type Method = (this: any, ...given: any[]) => any;

/** More than any test here needs: a failure should not take as long as what it finds. */
const tooMuch = 1e9;

export function workOf(task: () => void): number {
  let work = 0;
  const add = (characters: number) => {
    work += 1 + characters;
    if (work > tooMuch) throw new Error(`looks at more than ${tooMuch} characters`);
  };
  const undo: (() => void)[] = [];
  /** Has `name` of `type` counted. `cost` is told what it is called on, what it is given, and what it finds. */
  const count = (type: any, name: string, cost: (self: any, given: any[], found: any) => number) => {
    const real: Method = type[name];
    type[name] = function (...given) {
      const found = real.apply(this, given);
      add(cost(this, given, found));
      return found;
    } satisfies Method;
    undo.push(() => (type[name] = real));
  };
  const exec = RegExp.prototype.exec;
  const counted = function (this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const rest = text.length - from;
    RegExp.prototype.exec = exec; // this counts nothing of its own
    const again = repeats(this);
    RegExp.prototype.exec = counted;
    if (again) add(rest * rest);
    const found = exec.call(this, text);
    if (!again) add(found ? found.index + found[0].length - from : rest);
    return found;
  };
  RegExp.prototype.exec = counted;
  undo.push(() => (RegExp.prototype.exec = exec));
  const text = String.prototype;
  count(text, "indexOf", (self, [, from = 0], found) => (found < 0 ? self.length : found) - from);
  count(text, "lastIndexOf", (self, [, from = self.length], found) => Math.min(from, self.length) - found);
  count(text, "includes", (self) => self.length);
  count(text, "split", (self) => self.length);
  count(text, "trim", (self, _, found) => self.length - found.length);
  count(text, "slice", (_self, _given, found) => found.length);
  try {
    task();
  } finally {
    for (const one of undo) one();
  }
  return work;
}

const known = new WeakMap<RegExp, boolean>();

/** Whether a pattern may begin anywhere and go on without a bound: then it may look at the rest from everywhere. */
function repeats(pattern: RegExp): boolean {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const plain = pattern.source.replace(/\\.|\[(?:[^\]\\]|\\.)*\]/g, "x");
  const found = !pattern.sticky && !plain.startsWith("^") && /[*+]|\{\d+,\}/.test(plain);
  known.set(pattern, found);
  return found;
}
