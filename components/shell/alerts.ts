"use client";

import { useSyncExternalStore } from "react";

/** How somebody wants to be told of a new request, on this browser. */
export type Alert = "sound" | "notify";

const KEYS: Record<Alert, string> = { sound: "leeway.alert.sound", notify: "leeway.alert.notify" };
const listeners = new Set<() => void>();

/** A browser that keeps nothing tells nobody, and neither does one that was forbidden to since. */
function isOn(alert: Alert): boolean {
  try {
    if (window.localStorage.getItem(KEYS[alert]) !== "on") return false;
    return alert === "sound" || Notification.permission === "granted";
  } catch {
    return false;
  }
}

export function setAlert(alert: Alert, on: boolean): void {
  try {
    if (on) window.localStorage.setItem(KEYS[alert], "on");
    else window.localStorage.removeItem(KEYS[alert]);
  } catch {
    // Nothing is kept, and the switch stays where it was.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function useAlert(alert: Alert): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isOn(alert),
    () => false,
  );
}

/** A notification of the browser; null where it shows none: not allowed, or only to apps that are installed, as on many phones. */
export function showNotification(title: string, options: NotificationOptions): Notification | null {
  try {
    return Notification.permission === "granted" ? new Notification(title, options) : null;
  } catch {
    return null;
  }
}

/** Two short tones. A browser that nobody has touched yet stays silent. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    const gain = audio.createGain();
    gain.gain.value = 0.08;
    gain.connect(audio.destination);
    for (const [at, pitch] of [
      [0, 660],
      [0.16, 880],
    ] as const) {
      const tone = audio.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(gain);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.14);
    }
    setTimeout(() => void audio.close(), 1_000);
  } catch {
    // No sound can be had here.
  }
}
