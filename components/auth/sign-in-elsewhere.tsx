"use client";

import { createContext, type ReactNode } from "react";

/**
 * What stands in place of every sign-in form, where nobody may type a password: in a frame of another site, whose address
 * nobody sees. Null everywhere else.
 */
export const SignInElsewhere = createContext<((onSignedIn?: () => void) => ReactNode) | null>(null);
