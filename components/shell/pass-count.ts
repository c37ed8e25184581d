"use client";

import { createContext } from "react";

/**
 * How many passes a page was given that asks by them, in a frame of another site: what was refused for want of one is asked
 * for anew with the next. Zero everywhere else.
 */
export const PassCount = createContext(0);
