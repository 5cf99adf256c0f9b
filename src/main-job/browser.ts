/** A browser without scripts, as far as signing in needs one: keeps cookies, follows redirects, sends one form. */
export class Browser {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** One request; redirects inside the vault are followed. */
  async open(address: string, init: RequestInit = {}): Promise<{ response: Response; url: URL }> {
    let url = new URL(address, this.#origin);
    let request = init;
    for (let hops = 0; hops < 12; hops += 1) {
      if (url.origin !== this.#origin) throw new Error('a redirect leads out of the vault');
      const response = await fetch(url, {
        ...request,
        headers: { ...request.headers, cookie: this.#cookie() },
        redirect: 'manual',
      });
      for (const line of response.headers.getSetCookie()) this.#keep(line);
      const next = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || next === null) return { response, url };
      await response.body?.cancel();
      url = new URL(next, url);
      request = {};
    }
    throw new Error('too many redirects');
  }

  /** Signs in at the development issuer. @throws Error when it does not end in a session */
  async signIn(subject: string): Promise<void> {
    const choice = await this.open('/dang-nhap/bat-dau');
    const { response } = await this.open(choice.url.href, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ subject }).toString(),
    });
    if (!response.ok) throw new Error(`signing in ended with status ${response.status}`);
    await response.body?.cancel();
  }

  #cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
