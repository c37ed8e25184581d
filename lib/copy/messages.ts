import auth from "./en/auth.json";
import common from "./en/common.json";
import desk from "./en/desk.json";
import floor from "./en/floor.json";
import settings from "./en/settings.json";

/** Every word on screen, by the place that says it. */
export const messages = { common, auth, desk, floor, settings };

export type Messages = typeof messages;
export type Place = keyof Messages;

/** One language; `en` rather than a region, so that dates are never read the wrong way round: months are words. */
export const LOCALE = "en";

declare module "next-intl" {
  interface AppConfig {
    Messages: Messages;
    Locale: typeof LOCALE;
  }
}
