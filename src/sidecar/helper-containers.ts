import type { ContainerJson } from '../kubernetes/wire';

/** Names of containers that platforms add to pods and that are not the application. */
export const HELPER_NAMES = [
  'istio-proxy',
  'linkerd-proxy',
  'daprd',
  'kube-rbac-proxy',
  'cloud-sql-proxy',
  'cloudsql-proxy',
];

/** Image of dotnet-monitor, which is a .NET process itself. Its container has no usual name. */
const DOTNET_MONITOR = /(^|\/)dotnet[/-]monitor(\/[a-z]+)*([:@]|$)/;

/** Returns whether a container is a helper of the application, by its name or image. */
export function isHelperContainer({ name, image }: ContainerJson): boolean {
  return HELPER_NAMES.includes(name) || DOTNET_MONITOR.test(`${image}`);
}
