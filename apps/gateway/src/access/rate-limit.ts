/** What a key may send: `perSecond` on the average, `burst` at once. */
export interface RateLimits {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Buckets kept before full ones are thrown out; a full bucket is as good as none. */
const bucketsMax = 10_000;

/** A token bucket per key, in this process: with N replicas a key may send N times as much. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** @param nowMs a clock that never goes back. */
  constructor(
    private readonly limits: RateLimits,
    private readonly nowMs: () => number,
  ) {}

  /** Takes one token. 0: go on; else the seconds, at least 1, after which there is one. */
  take(key: string): number {
    const now = this.nowMs();
    const bucket = this.buckets.get(key) ?? this.newBucket(key, now);
    const seconds = this.refill(bucket, now);
    if (seconds === 0) bucket.tokens -= 1;
    return seconds;
  }

  /** What `take` would answer now, without taking. */
  wait(key: string): number {
    const bucket = this.buckets.get(key);
    return bucket ? this.refill(bucket, this.nowMs()) : 0;
  }

  private refill(bucket: Bucket, now: number): number {
    const { perSecond, burst } = this.limits;
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = now;
    return bucket.tokens < 1 ? Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond)) : 0;
  }

  private newBucket(key: string, now: number): Bucket {
    if (this.buckets.size >= bucketsMax) this.dropFull(now);
    const bucket = { tokens: this.limits.burst, atMs: now };
    this.buckets.set(key, bucket);
    return bucket;
  }

  private dropFull(now: number): void {
    const { perSecond, burst } = this.limits;
    for (const [key, bucket] of this.buckets) {
      if (bucket.tokens + ((now - bucket.atMs) / 1_000) * perSecond >= burst) this.buckets.delete(key);
    }
  }
}
