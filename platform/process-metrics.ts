import type { Worker as Child } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { CollectedMetrics, Metrics } from './metrics.ts';
import type { Processes } from './processes.ts';

/** Measures, as one process sends them to another. */
type Measured = Awaited<ReturnType<Metrics['getMetricsAsJSON']>>;

/** One process asks another for them. */
interface Question {
  metricsFor: number;
}
interface Answer extends Question {
  measured: Measured;
}

/** A process that does not tell in time is left out: it hangs, or only just starts. */
const answerMs = 1_000;

/**
 * The measures of this process and of those that it has started, each series with its process as a label: 0
 * for this one. They are not added up: a sum would fall where a process ends, and what collects it would take
 * the rest of the sum for new.
 */
export function metricsOfAll(own: Metrics, processes: Processes): CollectedMetrics {
  let asked = 0;
  return {
    contentType: own.contentType,
    async metrics() {
      const question = { metricsFor: ++asked };
      const told = [...processes.running()].map(async ([place, child]) =>
        labelled(await ask(child, question), place),
      );
      const all = [labelled(await own.getMetricsAsJSON(), 0), ...(await Promise.all(told))];
      return AggregatorRegistry.aggregate(all).metrics();
    },
  };
}

/** Tells the process that has started this one what is measured here, whenever it asks. */
export function tellMetrics(own: Metrics): void {
  process.on('message', (message: Partial<Question>) => {
    const { metricsFor } = message;
    if (metricsFor === undefined) return;
    void own
      .getMetricsAsJSON()
      .catch(() => [])
      .then((measured) => process.send!({ metricsFor, measured }));
  });
}

function labelled(measured: Measured, place: number): Measured {
  return measured.map((measure) => ({
    ...measure,
    // Each series is of one process: nothing is added up, and nothing left out.
    aggregator: 'sum',
    values: measure.values.map((each) => ({
      ...each,
      labels: { ...each.labels, process: String(place) },
    })),
  }));
}

function ask(child: Child, question: Question): Promise<Measured> {
  return new Promise((resolve) => {
    const settle = (measured: Measured) => {
      clearTimeout(timer);
      child.off('message', hear);
      resolve(measured);
    };
    const hear = ({ metricsFor, measured }: Answer) => {
      if (metricsFor === question.metricsFor) settle(measured);
    };
    const timer = setTimeout(() => settle([]), answerMs);
    child.on('message', hear);
    child.send(question, (error) => {
      if (error) settle([]);
    });
  });
}
