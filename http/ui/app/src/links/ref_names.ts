/// Refs as people write them.

/** Whether git would bear a text as a ref, as far as its characters tell. */
// eslint-disable-next-line no-control-regex
export const mayBeRef = (text: string): boolean => !/[\s\x00-\x1f\x7f~^:?*[\\]|\.\.|@\{|^-|\/$/.test(text);

/** The ref that a fragment names where one stands for a ref: `#v1` as npm and docker write it; "" where it is pip's `#egg=r`. */
export const refOfFragment = (fragment: string): string => (fragment.includes("=") ? "" : fragment.replace(/:.*$/, ""));
