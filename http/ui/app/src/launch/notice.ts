import { baseUrl } from "../page";

/// Messages of the browser's for people who look elsewhere while a launch goes on.

export type Permission = "granted" | "denied" | "default" | "none";

/** Whether this page may send messages; "none" where the browser knows none. */
export function permission(): Permission {
  return "Notification" in window && isSecureContext ? Notification.permission : "none";
}

export async function askPermission(): Promise<Permission> {
  try {
    return await Notification.requestPermission();
  } catch {
    return "none";
  }
}

export function notify(title: string, body: string, icon: string): void {
  if (permission() !== "granted") return;
  try {
    const shown = new Notification(title, { body, icon: `${baseUrl}${icon}`, tag: location.pathname });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch {
    // Phones allow messages of service workers only; the title tells.
  }
}
