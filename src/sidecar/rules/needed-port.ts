import type { Pod } from '../../weave/pod';
import { UnsuitableWorkload } from '../../weave/unsuitable-workload';

/**
 * Knative sends requests to the container with a port. It refuses a pod with several containers and no port.
 * @see https://knative.dev/docs/serving/services/using-multi-containers/
 */
export function refuseMissingPort({ needsPort, kind, template }: Pod, target: string): void {
  const containers = template.spec?.containers ?? [];
  if (!needsPort || containers.some(({ ports }) => Array.isArray(ports) && ports.length > 0)) return;
  throw new UnsuitableWorkload(
    `no container has a port, but a Knative ${kind} with a sidecar needs one on exactly one container`,
    `add ports: [{ containerPort: 8080 }] to container '${target}', with the port that it listens on`,
  );
}
