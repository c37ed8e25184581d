import { decrypt, encrypt } from "@/lib/secrets/cipher";

/** Where an endpoint's secret belongs: it can be read nowhere else. */
export function placeOf(organizationId: string, endpointId: string): string {
  return `${organizationId}/webhook_endpoints/${endpointId}`;
}

/** Encrypts the secret of an endpoint for the database. */
export function seal(secret: string, organizationId: string, endpointId: string): string {
  return encrypt(secret, placeOf(organizationId, endpointId));
}

/** The secret again. Throws where the key that it was sealed with is gone, or it belongs to another endpoint. */
export function open(sealed: string, organizationId: string, endpointId: string): string {
  return decrypt(sealed, placeOf(organizationId, endpointId));
}
