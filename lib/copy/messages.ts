import auth from "./en/auth.json";
import causes from "./en/causes.json";
import common from "./en/common.json";
import desk from "./en/desk.json";
import embed from "./en/embed.json";
import execution from "./en/execution.json";
import floor from "./en/floor.json";
import handovers from "./en/handovers.json";
import insights from "./en/insights.json";
import mail from "./en/mail.json";
import notices from "./en/notices.json";
import notifications from "./en/notifications.json";
import organization from "./en/organization.json";
import palette from "./en/palette.json";
import providers from "./en/providers.json";
import reconciliation from "./en/reconciliation.json";
import reviews from "./en/reviews.json";
import seals from "./en/seals.json";
import settings from "./en/settings.json";
import signals from "./en/signals.json";
import webhooks from "./en/webhooks.json";

/** Every word on screen, by the place that says it. */
export const messages = {
  common,
  auth,
  causes,
  desk,
  embed,
  execution,
  floor,
  handovers,
  insights,
  mail,
  notices,
  notifications,
  organization,
  palette,
  providers,
  reconciliation,
  reviews,
  seals,
  settings,
  signals,
  webhooks,
};

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
