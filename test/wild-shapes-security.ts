const deployment = (spec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
${spec
  .trim()
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
`;

/** Users, namespaces, nodes and directories of temporary files. By name of the shape: one YAML document. */
export const SECURITY: { [shape: string]: string } = {
  'no securityContext': deployment(`
containers: [{ name: web, image: 'contoso/web:1' }]
`),
  'runAsNonRoot without a user': deployment(`
securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
containers: [{ name: web, image: 'contoso/web:1', securityContext: { allowPrivilegeEscalation: false,
    capabilities: { drop: [ALL] } } }]
`),
  'fsGroup and the user of the pod': deployment(`
securityContext: { runAsUser: 1001, runAsGroup: 3000, fsGroup: 2000, fsGroupChangePolicy: OnRootMismatch,
    supplementalGroups: [4000] }
containers: [{ name: web, image: 'contoso/web:1' }]
`),
  'a user of the container over that of the pod': deployment(`
securityContext: { runAsUser: 1001, runAsGroup: 3000 }
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 5000 } }]
`),
  'a user without a group': deployment(`
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1001 } }]
`),
  'runAsUser: 0': deployment(`
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 0 } }]
`),
  'privileged: true': deployment(`
containers: [{ name: web, image: 'contoso/web:1', securityContext: { privileged: true, runAsUser: 1654 } }]
`),
  readOnlyRootFilesystem: deployment(`
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654,
    readOnlyRootFilesystem: true } }]
`),
  'AppArmor and SELinux profiles': deployment(`
containers:
  - name: web
    image: contoso/web:1
    securityContext:
      runAsUser: 1654
      runAsGroup: 1654
      appArmorProfile: { type: Localhost, localhostProfile: k8s-web }
      seLinuxOptions: { level: 's0:c123,c456' }
`),
  'hostUsers: false': deployment(`
hostUsers: false
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`),
  'hostPID: true': deployment(`
hostPID: true
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`),
  'shareProcessNamespace: false': deployment(`
shareProcessNamespace: false
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`),
  'Windows by os': deployment(`
os: { name: windows }
securityContext: { windowsOptions: { runAsUserName: ContainerUser } }
containers: [{ name: web, image: 'mcr.microsoft.com/dotnet/framework/samples:aspnetapp' }]
`),
  'Windows by nodeSelector': deployment(`
nodeSelector: { kubernetes.io/os: windows }
tolerations: [{ key: os, value: windows, effect: NoSchedule }]
containers: [{ name: web, image: 'mcr.microsoft.com/dotnet/framework/samples:aspnetapp' }]
`),
  'Windows by the former label of nodes': deployment(`
nodeSelector: { beta.kubernetes.io/os: windows }
containers: [{ name: web, image: 'mcr.microsoft.com/dotnet/framework/samples:aspnetapp' }]
`),
  'resources of the whole pod': deployment(`
resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { memory: 2Gi } }
containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`),
  '/tmp on an emptyDir': deployment(`
containers:
  - name: web
    image: contoso/web:1
    securityContext: { runAsUser: 1654, runAsGroup: 1654, readOnlyRootFilesystem: true }
    volumeMounts: [{ name: tmp, mountPath: /tmp }]
volumes: [{ name: tmp, emptyDir: { medium: Memory, sizeLimit: 64Mi } }]
`),
  '/tmp/ with a slash at its end': deployment(`
containers:
  - { name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 },
        volumeMounts: [{ name: tmp, mountPath: /tmp/ }] }
volumes: [{ name: tmp, emptyDir: {} }]
`),
  '/tmp on a subPath': deployment(`
containers:
  - name: web
    image: contoso/web:1
    securityContext: { runAsUser: 1654, runAsGroup: 1654 }
    volumeMounts: [{ name: work, mountPath: /work }, { name: work, mountPath: /tmp, subPath: tmp }]
volumes: [{ name: work, emptyDir: {} }]
`),
  '/tmp on a subPathExpr': deployment(`
containers:
  - name: web
    image: contoso/web:1
    env: [{ name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]
    securityContext: { runAsUser: 1654, runAsGroup: 1654 }
    volumeMounts: [{ name: work, mountPath: /tmp, subPathExpr: $(POD) }]
volumes: [{ name: work, persistentVolumeClaim: { claimName: work } }]
`),
  '/tmp read-only': deployment(`
containers:
  - name: web
    image: contoso/web:1
    securityContext: { runAsUser: 1654, runAsGroup: 1654 }
    volumeMounts: [{ name: tmp, mountPath: /tmp, readOnly: true }]
volumes: [{ name: tmp, emptyDir: {} }]
`),
  '/tmp from a configMap': deployment(`
containers:
  - { name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 },
        volumeMounts: [{ name: seeds, mountPath: /tmp }] }
volumes: [{ name: seeds, configMap: { name: seeds } }]
`),
  '/tmp on a claim that is mounted read-only': deployment(`
containers:
  - { name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 },
        volumeMounts: [{ name: seeds, mountPath: /tmp }] }
volumes: [{ name: seeds, persistentVolumeClaim: { claimName: seeds, readOnly: true } }]
`),
  '/tmp of the node': deployment(`
containers:
  - { name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 },
        volumeMounts: [{ name: host-tmp, mountPath: /tmp }] }
volumes: [{ name: host-tmp, hostPath: { path: /tmp, type: Directory } }]
`),
  'TMPDIR on a volume of its own': deployment(`
containers:
  - name: web
    image: contoso/web:1
    env: [{ name: TMPDIR, value: /var/tmp/web }]
    securityContext: { runAsUser: 1654, runAsGroup: 1654 }
    volumeMounts: [{ name: scratch, mountPath: /var/tmp/web }]
volumes: [{ name: scratch, emptyDir: { sizeLimit: 1Gi } }]
`),
  'TMPDIR in the file system of the image': deployment(`
containers:
  - { name: web, image: 'contoso/web:1', env: [{ name: TMPDIR, value: /var/tmp }], securityContext: { runAsUser: 1654,
        runAsGroup: 1654 } }
`),
  'TMPDIR from a ConfigMap': deployment(`
containers:
  - name: web
    image: contoso/web:1
    env: [{ name: TMPDIR, valueFrom: { configMapKeyRef: { name: settings, key: tmp } } }]
    securityContext: { runAsUser: 1654, runAsGroup: 1654 }
`),
  'DOTNET_EnableDiagnostics=0': deployment(`
containers:
  - name: web
    image: contoso/web:1
    env: [{ name: DOTNET_EnableDiagnostics, value: '0' }]
    securityContext: { runAsUser: 1654, runAsGroup: 1654, readOnlyRootFilesystem: true }
`),
};
