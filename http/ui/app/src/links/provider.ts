/// A source of repositories, as `/api/repoproviders` tells of it.
export interface Provider {
  id: string;
  displayName: string;
  enabled?: boolean;
  spec?: { validateRegex?: string };
  detect?: { regex?: string };
  repo?: { label?: string; placeholder?: string; urlEncode?: boolean };
  ref?: { enabled?: boolean; default?: string };
}
