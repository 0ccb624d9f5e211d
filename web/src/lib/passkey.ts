// Passkeys: the browser's credential calls, with bytes as base64url both ways.

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

interface CredentialId { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }
export interface RequestOptions { challenge: string; rpId?: string; allowCredentials?: CredentialId[]; userVerification?: UserVerificationRequirement; timeout?: number }
export interface CreationOptions {
  challenge: string; rp: PublicKeyCredentialRpEntity; user: { id: string; name: string; displayName: string }; pubKeyCredParams: PublicKeyCredentialParameters[];
  excludeCredentials?: CredentialId[]; authenticatorSelection?: AuthenticatorSelectionCriteria; attestation?: AttestationConveyancePreference; timeout?: number;
}

const known = (list: CredentialId[] | undefined): PublicKeyCredentialDescriptor[] => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

export async function assertion(options: RequestOptions): Promise<Record<string, unknown>> {
  const found = (await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) } })) as PublicKeyCredential | null;
  if (!found) throw new Error('no passkey was given');
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: {},
    response: { authenticatorData: text(answer.authenticatorData), clientDataJSON: text(answer.clientDataJSON), signature: text(answer.signature), userHandle: answer.userHandle ? text(answer.userHandle) : null },
  };
}

export async function creation(options: CreationOptions): Promise<Record<string, unknown>> {
  const made = (await navigator.credentials.create({
    publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: known(options.excludeCredentials) },
  })) as PublicKeyCredential | null;
  if (!made) throw new Error('no passkey was made');
  const answer = made.response as AuthenticatorAttestationResponse;
  return { id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {}, response: { attestationObject: text(answer.attestationObject), clientDataJSON: text(answer.clientDataJSON) } };
}

/** The passkey's signature over the hash of the very message that is signed. */
export const signChallenge = (challenge: string): Promise<Record<string, unknown>> => assertion({ challenge, userVerification: 'required' });
