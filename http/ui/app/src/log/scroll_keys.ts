/// A log is read with the keys that a page is read with.

interface Scrollable {
  scrollLines(lines: number): void;
  scrollPages(pages: number): void;
  scrollToTop(): void;
  scrollToBottom(): void;
}

const keys: Record<string, (log: Scrollable) => void> = {
  ArrowUp: (log) => log.scrollLines(-1),
  ArrowDown: (log) => log.scrollLines(1),
  PageUp: (log) => log.scrollPages(-1),
  PageDown: (log) => log.scrollPages(1),
  Home: (log) => log.scrollToTop(),
  End: (log) => log.scrollToBottom(),
};

type Key = Pick<KeyboardEvent, "type" | "key" | "altKey" | "ctrlKey" | "metaKey">;

/** Scrolls as a key says, with Shift or without. False where it says nothing of that: then it is not the log's. */
export function scrollByKey(log: Scrollable, event: Key): boolean {
  if (event.type !== "keydown" || event.altKey || event.ctrlKey || event.metaKey || !Object.hasOwn(keys, event.key)) return false;
  keys[event.key]!(log);
  return true;
}
