// Passkeys: the browser's credential calls, with bytes as base64url both ways.

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const keys = (ids: string[]): PublicKeyCredentialDescriptor[] => ids.map((id) => ({ id: bytes(id), type: 'public-key' }));

export interface Question { challenge: string; relying_party: string; credentials: string[]; timeout_s: number }
export interface EnrolmentQuestion { ticket: string; challenge: string; relying_party: string; user_id: string; name: string; algorithms: number[]; exclude: string[]; timeout_s: number }
export interface Assertion { credential_id: string; client_data_json: string; authenticator_data: string; signature: string }

export async function assertion(question: Partial<Question> & { challenge: string }): Promise<Assertion> {
  const found = (await navigator.credentials.get({
    publicKey: {
      challenge: bytes(question.challenge), userVerification: 'required', allowCredentials: keys(question.credentials ?? []),
      ...(question.relying_party ? { rpId: question.relying_party } : {}), ...(question.timeout_s ? { timeout: question.timeout_s * 1000 } : {}),
    },
  })) as PublicKeyCredential | null;
  if (!found) throw new Error('no passkey was given');
  const answer = found.response as AuthenticatorAssertionResponse;
  return { credential_id: text(found.rawId), client_data_json: text(answer.clientDataJSON), authenticator_data: text(answer.authenticatorData), signature: text(answer.signature) };
}

export async function creation(question: EnrolmentQuestion): Promise<{ client_data_json: string; attestation_object: string }> {
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: bytes(question.challenge), rp: { id: question.relying_party, name: 'Tocsin' }, user: { id: bytes(question.user_id), name: question.name, displayName: question.name },
      pubKeyCredParams: question.algorithms.map((alg) => ({ alg, type: 'public-key' })), excludeCredentials: keys(question.exclude), attestation: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' }, timeout: question.timeout_s * 1000,
    },
  })) as PublicKeyCredential | null;
  if (!made) throw new Error('no passkey was made');
  const answer = made.response as AuthenticatorAttestationResponse;
  return { client_data_json: text(answer.clientDataJSON), attestation_object: text(answer.attestationObject) };
}

/** The passkey's signature over the hash of the very message that is signed. */
export const signChallenge = (challenge: string): Promise<Assertion> => assertion({ challenge });
