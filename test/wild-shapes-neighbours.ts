/** Pods with containers beside the target, as injectors leave them. By name of the shape: one YAML document. */
export const NEIGHBOURS: { [shape: string]: string } = {
  'Istio proxy injected as a container': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec:
  selector: { matchLabels: { app: reviews } }
  template:
    metadata:
      labels: { app: reviews, security.istio.io/tlsMode: istio }
      annotations: { sidecar.istio.io/status: '{"initContainers":["istio-init"]}',
          kubectl.kubernetes.io/default-container: reviews }
    spec:
      initContainers:
        - name: istio-init
          image: docker.io/istio/proxyv2:1.22.0
          args: [istio-iptables, -p, '15001', -u, '1337']
          securityContext: { runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, capabilities: { add: [NET_ADMIN,
              NET_RAW], drop: [ALL] } }
      containers:
        - { name: reviews, image: 'contoso/reviews:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.22.0
          args: [proxy, sidecar]
          env: [{ name: ISTIO_META_APP_CONTAINERS, value: reviews }]
          securityContext: { runAsUser: 1337, runAsGroup: 1337, readOnlyRootFilesystem: true }
          volumeMounts: [{ name: istio-envoy, mountPath: /etc/istio/proxy }, { name: istio-token,
              mountPath: /var/run/secrets/tokens }]
      volumes:
        - { name: istio-envoy, emptyDir: { medium: Memory } }
        - { name: istio-token, projected: { sources: [{ serviceAccountToken: { path: istio-token,
              audience: istio-ca } }] } }
`,
  'Istio proxy injected as a native sidecar': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ratings }
spec:
  selector: { matchLabels: { app: ratings } }
  template:
    metadata: { labels: { app: ratings }, annotations: { sidecar.istio.io/nativeSidecar: 'true' } }
    spec:
      initContainers:
        - { name: istio-init, image: 'docker.io/istio/proxyv2:1.27.0', securityContext: { runAsUser: 0 } }
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.27.0
          restartPolicy: Always
          startupProbe: { httpGet: { path: /healthz/ready, port: 15021 }, failureThreshold: 600, periodSeconds: 1 }
          securityContext: { runAsUser: 1337, runAsGroup: 1337 }
      containers:
        - { name: ratings, image: 'contoso/ratings:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }
`,
  'OpenTelemetry collector and .NET instrumentation injected': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout }
spec:
  selector: { matchLabels: { app: checkout } }
  template:
    metadata:
      labels: { app: checkout }
      annotations: { sidecar.opentelemetry.io/inject: 'true', instrumentation.opentelemetry.io/inject-dotnet: 'true' }
    spec:
      initContainers:
        - name: opentelemetry-auto-instrumentation-dotnet
          image: ghcr.io/open-telemetry/autoinstrumentation-dotnet:1.9.0
          command: [cp, -r, /autoinstrumentation/., /otel-auto-instrumentation-dotnet]
          volumeMounts: [{ name: otel, mountPath: /otel-auto-instrumentation-dotnet }]
      containers:
        - name: checkout
          image: contoso/checkout:1
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
          env:
            - { name: CORECLR_ENABLE_PROFILING, value: '1' }
            - { name: DOTNET_STARTUP_HOOKS,
                  value: /otel-auto-instrumentation-dotnet/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll }
          volumeMounts: [{ name: otel, mountPath: /otel-auto-instrumentation-dotnet }]
        - { name: otc-container, image: 'otel/opentelemetry-collector:0.110.0', ports: [{ containerPort: 4317 }] }
      volumes: [{ name: otel, emptyDir: { sizeLimit: 200Mi } }]
`,
  'Linkerd proxy injected': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: emoji }
spec:
  selector: { matchLabels: { app: emoji } }
  template:
    metadata: { labels: { app: emoji, linkerd.io/control-plane-ns: linkerd },
        annotations: { linkerd.io/proxy-version: edge-25.1 } }
    spec:
      initContainers:
        - { name: linkerd-init, image: 'cr.l5d.io/linkerd/proxy-init:v2.4', securityContext: { runAsUser: 65534,
              capabilities: { add: [NET_ADMIN] } } }
      containers:
        - name: linkerd-proxy
          image: cr.l5d.io/linkerd/proxy:edge-25.1
          securityContext: { runAsUser: 2102, readOnlyRootFilesystem: true }
          lifecycle: { postStart: { exec: { command: [/usr/lib/linkerd/linkerd-await, '--timeout=2m'] } } }
          volumeMounts: [{ name: linkerd-identity-end-entity, mountPath: /var/run/linkerd/identity/end-entity }]
        - { name: emoji, image: 'contoso/emoji:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }
      volumes: [{ name: linkerd-identity-end-entity, emptyDir: { medium: Memory } }]
`,
  'Vault agent injected': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: payments }
spec:
  selector: { matchLabels: { app: payments } }
  template:
    metadata: { labels: { app: payments }, annotations: { kubectl.kubernetes.io/default-container: payments } }
    spec:
      initContainers: [{ name: vault-agent-init, image: 'hashicorp/vault:1.18', volumeMounts: [{ name: vault-secrets,
          mountPath: /vault/secrets }] }]
      containers:
        - name: payments
          image: contoso/payments:1
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
          volumeMounts: [{ name: vault-secrets, mountPath: /vault/secrets }]
        - { name: vault-agent, image: 'hashicorp/vault:1.18', volumeMounts: [{ name: vault-secrets,
              mountPath: /vault/secrets }] }
      volumes: [{ name: vault-secrets, emptyDir: { medium: Memory } }]
`,
  'two containers of one image': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: workers }
spec:
  selector: { matchLabels: { app: workers } }
  template:
    metadata: { labels: { app: workers } }
    spec:
      securityContext: { runAsUser: 1654, runAsGroup: 1654 }
      containers:
        - { name: web, image: 'contoso/shop:1', args: [web] }
        - { name: worker, image: 'contoso/shop:1', args: [worker] }
`,
  'default-container annotation of a container that is gone': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: renamed }
spec:
  selector: { matchLabels: { app: renamed } }
  template:
    metadata: { labels: { app: renamed }, annotations: { kubectl.kubernetes.io/default-container: app } }
    spec:
      containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`,
  'a container called procdump': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: by-hand }
spec:
  selector: { matchLabels: { app: by-hand } }
  template:
    metadata: { labels: { app: by-hand }, annotations: { kubectl.kubernetes.io/default-container: web } }
    spec:
      shareProcessNamespace: true
      containers:
        - { name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }
        - { name: procdump, image: 'contoso/procdump:latest', command: [sleep, infinity] }
`,
  'a volume called procdump-run': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: volume-by-hand }
spec:
  selector: { matchLabels: { app: volume-by-hand } }
  template:
    metadata: { labels: { app: volume-by-hand } }
    spec:
      containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
      volumes: [{ name: procdump-run, emptyDir: {} }]
`,
};
