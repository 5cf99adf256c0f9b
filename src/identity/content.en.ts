/** English words of the sign-in page. */
import type { vi } from './content.vi.ts';

export const en = {
  title: 'Sign in',
  lead: (provider: string) => `Enter your personal number. Then confirm it in the ${provider} app.`,
  number: 'Personal identification number',
  numberHint: '12 digits, on the front of the identity card',
  go: (provider: string) => `Continue with ${provider}`,
  fault: {
    empty: 'No number entered yet. Enter the 12 digits on the front of the identity card.',
    nine: 'The number has 9 digits. It may be the old identity card number. Enter the 12 digits on the present card.',
    length: (digits: number) => `The number has ${digits} digits. A personal number has 12.`,
    letters: 'A personal number has digits only. Leave out letters and signs.',
  },
  noCard: 'Cannot find the identity card?',
  noCardText:
    'The number is also on birth certificates issued since 2016, or ask the police of the commune where you live.',
  noPhone: 'No smartphone?',
  noPhoneText:
    'Take the identity card to any one-stop desk. An officer will help you. Nobody may ask for your password.',
  nearest: 'Find the nearest one-stop desk',
  forgot: (provider: string) => `Forgot the ${provider} password`,
  forgotText: (provider: string) =>
    `Open the ${provider} app and choose “Quên mật khẩu”. Or take the identity card to the commune police to set a new one. This vault does not hold your password.`,
  onlyVerify: 'I only want to check a paper',
  onlyVerifyText: 'No sign-in needed.',
  onlyVerifyLink: 'Check a paper by code, QR picture or file',
  officer: 'I am an officer',
  officerText: 'Officers sign in with their agency account, never with a citizen’s.',
  officerLink: 'Sign-in for officers',
  expired: 'The session closed after a long pause',
  expiredText: 'Sign in again to go on. What you sent is kept.',
} satisfies typeof vi;
