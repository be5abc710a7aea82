import { say } from "./say";

/** A length of time for people: `0.4 s`, `12 s`, `1 min 5 s`, `1 h 2 min`. */
export function sayTime(seconds: number): string {
  if (seconds < 9.95 && !Number.isInteger(seconds)) return say("time.seconds", { seconds: Math.max(0, seconds).toFixed(1) });
  const whole = Math.round(seconds);
  if (whole < 60) return say("time.seconds", { seconds: whole });
  if (whole < 3600) return say("time.minutes_seconds", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  return say("time.hours", { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60) });
}

/** The same, as roughly as an estimate deserves: `5 s`, `40 s`, `2 min`. */
export function sayRoughly(seconds: number): string {
  if (seconds < 57) return say("time.seconds", { seconds: Math.max(5, Math.ceil(seconds / 5) * 5) });
  return say("time.minutes", { minutes: Math.round(seconds / 60) || 1 });
}

/** A number of bytes for people, in powers of 1000 as registries count. */
export function sayBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
