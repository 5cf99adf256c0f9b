/**
 * The child that runs one task at a time for `killable.ts`. It is told a module and the name of a function in
 * it, calls the function and sends the answer back. It keeps nothing between tasks but loaded code.
 */
import { restore } from './killable-bytes.ts';

interface Order {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
}

process.on('message', (order: Order) => {
  void perform(order).then((reply) => {
    process.send?.(reply);
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

async function perform(order: Order): Promise<unknown> {
  try {
    const loaded = (await import(order.module)) as Record<string, unknown>;
    const task = loaded[order.name];
    if (typeof task !== 'function') {
      throw new TypeError(`${order.name} is no function of its module`);
    }
    return { value: await (task as (input: unknown) => unknown)(restore(order.input)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { threw: { name, message } };
  }
}
