import { getRequestConfig } from "next-intl/server";
import { LOCALE, messages } from "./messages";

// The time zone that matters is the organization's, which `Time` is told; this one only keeps server and browser equal.
export default getRequestConfig(() => ({ locale: LOCALE, messages, timeZone: "UTC" }));
