"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Reads the page anew when somebody comes back to it: others may have saved meanwhile. What was typed stays. */
export function useFreshPage() {
  const router = useRouter();
  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === "visible") router.refresh();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [router]);
}
