import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon, type ISearchOptions } from "@xterm/addon-search";
import { Terminal, type ITheme } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { type LogText, mostLines } from "./log_text";
import { scrollByKey } from "./scroll_keys";

/// A log in a terminal: colours, lines written over, a hundred thousand lines without a stop. It shows; it takes no input.

const light: ITheme = {
  background: "#f4f1e9", foreground: "#1d2330", cursor: "#f4f1e9", selectionBackground: "#f0c9a8",
  black: "#1d2330", red: "#b3261e", green: "#166534", yellow: "#7a5200", blue: "#1d4ed8", magenta: "#86198f",
  cyan: "#0e6170", white: "#5a6275", brightBlack: "#5a6275", brightRed: "#b3261e", brightGreen: "#166534",
  brightYellow: "#7a5200", brightBlue: "#1d4ed8", brightMagenta: "#86198f", brightCyan: "#0e6170", brightWhite: "#1d2330",
};
const dark: ITheme = {
  background: "#0f1218", foreground: "#e8e6df", cursor: "#0f1218", selectionBackground: "#5b3a1e",
  black: "#8d95a8", red: "#fca5a5", green: "#4ade80", yellow: "#fcd34d", blue: "#93c5fd", magenta: "#f0abfc",
  cyan: "#67e8f9", white: "#e8e6df", brightBlack: "#a3aabb", brightRed: "#fca5a5", brightGreen: "#86efac",
  brightYellow: "#fde68a", brightBlue: "#bfdbfe", brightMagenta: "#f5d0fe", brightCyan: "#a5f3fc", brightWhite: "#ffffff",
};

export interface Matches {
  at: number;
  count: number;
}

export interface LogTerminal {
  find(text: string, backwards: boolean): void;
  toEnd(): void;
  dispose(): void;
}

export function showLog(
  log: LogText,
  place: HTMLElement,
  onMatches: (matches: Matches) => void,
  onFollows: (follows: boolean) => void,
): LogTerminal {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const terminal = new Terminal({
    allowProposedApi: true, // for marking what a search finds
    convertEol: true,
    disableStdin: true,
    cursorInactiveStyle: "none",
    cursorStyle: "bar",
    fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    fontSize: 13,
    minimumContrastRatio: 4.5,
    scrollback: mostLines,
    theme: scheme.matches ? dark : light,
  });
  const search = new SearchAddon({ highlightLimit: 500 });
  const fit = new FitAddon();
  terminal.loadAddon(search);
  terminal.loadAddon(fit);
  terminal.open(place);
  // What does not scroll is the page's: Tab leads on, and copying works.
  terminal.attachCustomKeyEventHandler((event) => {
    if (scrollByKey(terminal, event)) event.preventDefault();
    return false;
  });
  const paint = () => (terminal.options.theme = scheme.matches ? dark : light);
  scheme.addEventListener("change", paint);
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(place);
  search.onDidChangeResults(({ resultIndex, resultCount }) => onMatches({ at: resultIndex + 1, count: resultCount }));
  terminal.onScroll(() => {
    const { viewportY, baseY } = terminal.buffer.active;
    onFollows(viewportY >= baseY);
  });
  for (const piece of log.kept()) terminal.write(piece);
  const unwatch = log.watch((piece) => terminal.write(piece));

  const marks = (): ISearchOptions => ({
    decorations: {
      matchBackground: scheme.matches ? "#6b4a1f" : "#ffe2b8",
      activeMatchBackground: scheme.matches ? "#b45309" : "#fdba74",
      matchOverviewRuler: "#d97706",
      activeMatchColorOverviewRuler: "#9a3412",
    },
  });
  return {
    find(text, backwards) {
      if (!text) {
        search.clearDecorations();
        onMatches({ at: 0, count: 0 });
      } else if (backwards) search.findPrevious(text, marks());
      else search.findNext(text, marks());
    },
    toEnd: () => terminal.scrollToBottom(),
    dispose() {
      unwatch();
      resized.disconnect();
      scheme.removeEventListener("change", paint);
      terminal.dispose();
    },
  };
}
