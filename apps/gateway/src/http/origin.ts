import type { DoorRequest } from './exchange';

/** Hosts as a browser writes them; anything else in `Host` is not repeated to anybody. */
const hostPattern = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** The origin that the caller can open: the configured one, else the host it asked. */
export function originOf(request: Pick<DoorRequest, 'host' | 'protocol'>, publicOrigin: string | null): string {
  if (publicOrigin !== null) return publicOrigin;
  return hostPattern.test(request.host) ? `${request.protocol}://${request.host}` : 'http://localhost';
}

/** Under which origin browsers see the gateway, for what is handed to them. */
export class PublicOrigin {
  /** @param configured null where browsers see the gateway as it is. */
  constructor(private readonly configured: string | null) {}

  /** Whether the browser came by https, so that a cookie may be kept for https alone. */
  isSecure({ protocol }: Pick<DoorRequest, 'protocol'>): boolean {
    return this.configured === null ? protocol === 'https' : this.configured.startsWith('https:');
  }
}
