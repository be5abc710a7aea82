/** Puts text where it can be pasted; false where the browser does not let pages do so. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyAsOfOld(text);
  }
}

/** Browsers have no clipboard for pages that came over plain http from another machine; but they have the command of the
 *  Copy key, which asks the page what it copies. Safari asks only where something is selected. */
function copyAsOfOld(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = "-"; // not the text: laying out megabytes takes seconds
  field.readOnly = true;
  field.style.position = "fixed";
  field.style.opacity = "0";
  let asked = false;
  const answer = (event: ClipboardEvent) => {
    if (!event.clipboardData) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    asked = true;
  };
  document.body.append(field);
  document.addEventListener("copy", answer, { capture: true });
  try {
    field.select();
    return document.execCommand("copy") && asked;
  } catch {
    return false;
  } finally {
    document.removeEventListener("copy", answer, { capture: true });
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
