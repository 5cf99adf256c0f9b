/** What `/metrics` tells: requests by operation and status, and the process itself. No caller, no document. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Gate } from './gate.ts';

export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'operation' | 'status'>;
  readonly #seconds: Histogram<'operation'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'motlan_requests_total',
      help: 'Answered requests',
      labelNames: ['operation', 'status'],
      registers: [this.registry],
    });
    this.#seconds = new Histogram({
      name: 'motlan_request_seconds',
      help: 'Time to the end of the answer',
      labelNames: ['operation'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
  }

  /** Shows how many requests are worked on and how many wait. */
  watch(gate: Gate): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      if (this.registry.getSingleMetric(name)) return;
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(read());
        },
      });
    };
    gauge('motlan_requests_running', 'Requests worked on now', () => gate.load.running);
    gauge('motlan_requests_waiting', 'Requests that wait for their turn', () => gate.load.waiting);
  }

  answered(operation: string, status: number, seconds: number): void {
    this.#requests.inc({ operation, status: String(status) });
    this.#seconds.observe({ operation }, seconds);
  }
}
