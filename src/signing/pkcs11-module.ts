// The part of the native PKCS#11 binding that is used, loading it, and its return values in words.
import { SigningError, type SigningErrorKind } from './signing-error.ts';

export type Pkcs11Handle = Buffer;

export interface Pkcs11Attribute {
  readonly type: number;
  readonly value?: number | string | Buffer;
}

/** As `pkcs11js` has it. */
export interface Pkcs11Module {
  load(path: string): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Pkcs11Handle[];
  C_GetTokenInfo(slot: Pkcs11Handle): { readonly label: string };
  C_OpenSession(slot: Pkcs11Handle, flags: number): Pkcs11Handle;
  C_CloseSession(session: Pkcs11Handle): void;
  C_Login(session: Pkcs11Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Pkcs11Handle, template: readonly Pkcs11Attribute[]): void;
  C_FindObjects(session: Pkcs11Handle, maximum: number): Pkcs11Handle[];
  C_FindObjectsFinal(session: Pkcs11Handle): void;
  C_GetAttributeValue(
    session: Pkcs11Handle,
    object: Pkcs11Handle,
    template: readonly Pkcs11Attribute[],
  ): readonly { readonly type: number; readonly value: unknown }[];
  C_SignInit(
    session: Pkcs11Handle,
    mechanism: { readonly mechanism: number; readonly parameter?: unknown },
    key: Pkcs11Handle,
  ): void;
  C_Sign(session: Pkcs11Handle, data: Buffer, out: Buffer): Buffer;
}

/**
 * Loads the binding and a token's library.
 * @param binding module name or path of `pkcs11js`
 * @throws SigningError `signer-unavailable` when either cannot be loaded
 */
export async function loadPkcs11Module(library: string, binding = 'pkcs11js'): Promise<Pkcs11Module> {
  const module = await createModule(binding);
  try {
    module.load(library);
    module.C_Initialize();
  } catch (error) {
    const message = `The token's library ${library} cannot be loaded. Give the path of the PKCS#11 library that came with the token.`;
    throw new SigningError('signer-unavailable', message, { cause: error });
  }
  return module;
}

interface Binding {
  readonly PKCS11?: new () => Pkcs11Module;
  readonly default?: { readonly PKCS11?: new () => Pkcs11Module };
}

async function createModule(binding: string): Promise<Pkcs11Module> {
  let loaded: Binding;
  try {
    loaded = (await import(binding)) as Binding;
  } catch (error) {
    throw new SigningError(
      'signer-unavailable',
      'Signing with tokens needs the package pkcs11js. Install it beside the vault: npm install pkcs11js.',
      { cause: error },
    );
  }
  const Pkcs11 = loaded.PKCS11 ?? loaded.default?.PKCS11;
  if (Pkcs11 === undefined)
    throw new SigningError(
      'signer-unavailable',
      'The package pkcs11js has no class PKCS11. Install version 2.',
    );
  return new Pkcs11();
}

/** CK_RV of an error of the binding; undefined for errors of another kind. */
export function tokenErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') return undefined;
  return error.code;
}

const removed = 'The token was unplugged or its session ended. Plug it in and sign again.';
const meanings: Readonly<Record<number, readonly [SigningErrorKind, string]>> = {
  48: ['token-absent', removed],
  50: ['token-absent', removed],
  176: ['token-absent', removed],
  179: ['token-absent', removed],
  224: ['token-absent', removed],
  160: ['wrong-password', 'The PIN of the token is wrong.'],
  161: ['wrong-password', 'The PIN of the token is wrong.'],
  162: ['wrong-password', 'The PIN of the token is too short or too long.'],
  163: ['pin-required', "The PIN of the token has expired. Set a new one with the token's own software."],
  164: ['token-refused', 'The token is locked after too many wrong PINs. Have it unlocked by who issued it.'],
  257: ['pin-required', 'The token asks for its PIN again.'],
};

/** The SigningError for a failure of the token. Errors of another kind are returned as they are. */
export function describeTokenError(error: unknown): unknown {
  const code = tokenErrorCode(error);
  if (code === undefined) return error;
  const [kind, message] =
    meanings[code] ?? (['token-refused', `The token refused with CK_RV 0x${code.toString(16)}.`] as const);
  return new SigningError(kind, message);
}
