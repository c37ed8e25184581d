import { SignInPage } from "@/components/auth/sign-in-page";

/** In place of whatever asked for it, under the same address: signing in shows that very page. */
export default function Unauthorized() {
  return <SignInPage to={null} />;
}
