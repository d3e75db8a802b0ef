/**
 * Pods that run for ever, in the shapes that public charts and manifests have. By name of the shape: one YAML document.
 */
export const SERVICES: { [shape: string]: string } = {
  'StatefulSet with volumeClaimTemplates': `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orleans, labels: { app.kubernetes.io/name: orleans } }
spec:
  serviceName: orleans-headless
  replicas: 3
  podManagementPolicy: Parallel
  selector: { matchLabels: { app.kubernetes.io/name: orleans } }
  template:
    metadata: { labels: { app.kubernetes.io/name: orleans } }
    spec:
      terminationGracePeriodSeconds: 120
      securityContext: { fsGroup: 1001, runAsUser: 1001, runAsGroup: 1001 }
      containers:
        - name: silo
          image: docker.io/contoso/orleans:9.1
          volumeMounts: [{ name: state, mountPath: /var/lib/orleans }]
  volumeClaimTemplates:
    - metadata: { name: state }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 8Gi } } }
`,
  'StatefulSet with its claim at /data': `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cache }
spec:
  serviceName: cache
  selector: { matchLabels: { app: cache } }
  template:
    metadata: { labels: { app: cache } }
    spec:
      securityContext: { fsGroup: 999, runAsUser: 999, runAsGroup: 999 }
      containers:
        - { name: garnet, image: 'ghcr.io/microsoft/garnet:1.0', volumeMounts: [{ name: data, mountPath: /data }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`,
  'a claim template called procdump-dumps': `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: dumps-by-hand }
spec:
  serviceName: dumps-by-hand
  selector: { matchLabels: { app: dumps-by-hand } }
  template:
    metadata: { labels: { app: dumps-by-hand } }
    spec:
      containers: [{ name: web, image: 'contoso/web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
  volumeClaimTemplates:
    - metadata: { name: procdump-dumps }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 50Gi } } }
`,
  'DaemonSet with hostPath and tolerations': `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: log-agent, namespace: logging }
spec:
  selector: { matchLabels: { k8s-app: log-agent } }
  updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 10% } }
  template:
    metadata: { labels: { k8s-app: log-agent } }
    spec:
      priorityClassName: system-node-critical
      serviceAccountName: log-agent
      tolerations: [{ operator: Exists, effect: NoSchedule }, { key: CriticalAddonsOnly, operator: Exists }]
      nodeSelector: { kubernetes.io/os: linux }
      containers:
        - name: agent
          image: contoso/log-agent:3.2
          securityContext: { runAsUser: 65532, runAsGroup: 65532 }
          env: [{ name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
          volumeMounts:
            - { name: varlog, mountPath: /var/log, readOnly: true, mountPropagation: HostToContainer }
            - { name: containers, mountPath: /var/lib/docker/containers, readOnly: true }
      volumes:
        - { name: varlog, hostPath: { path: /var/log } }
        - { name: containers, hostPath: { path: /var/lib/docker/containers, type: DirectoryOrCreate } }
`,
  'initContainers that wait and chown': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      initContainers:
        - { name: wait-for-db, image: 'busybox:1.36', command: [sh, -c, 'until nc -z db 5432; do sleep 1; done'] }
        - { name: chown, image: 'busybox:1.36', securityContext: { runAsUser: 0 }, volumeMounts: [{ name: work,
              mountPath: /work }] }
      containers:
        - name: orders
          image: contoso/orders:2
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
          volumeMounts: [{ name: work, mountPath: /work }]
      volumes: [{ name: work, emptyDir: {} }]
`,
  'generic ephemeral volume': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: render }
spec:
  selector: { matchLabels: { app: render } }
  template:
    metadata: { labels: { app: render } }
    spec:
      containers:
        - name: render
          image: contoso/render:7
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
          volumeMounts: [{ name: scratch, mountPath: /scratch }]
      volumes:
        - name: scratch
          ephemeral:
            volumeClaimTemplate:
              metadata: { labels: { type: scratch } }
              spec: { accessModes: [ReadWriteOnce], storageClassName: managed-csi,
                  resources: { requests: { storage: 20Gi } } }
`,
  'projected tokens': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: broker }
spec:
  selector: { matchLabels: { app: broker } }
  template:
    metadata: { labels: { app: broker, azure.workload.identity/use: 'true' } }
    spec:
      serviceAccountName: broker
      automountServiceAccountToken: false
      containers:
        - name: broker
          image: contoso/broker:1
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
          volumeMounts:
            - { name: tokens, mountPath: /var/run/secrets/tokens, readOnly: true }
            - { name: api, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
      volumes:
        - name: tokens
          projected: { defaultMode: 0o440, sources: [{ serviceAccountToken: { path: vault, audience: vault,
              expirationSeconds: 600 } }] }
        - name: api
          projected:
            sources:
              - { serviceAccountToken: { path: token, expirationSeconds: 3607 } }
              - { configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] } }
              - { downwardAPI: { items: [{ path: namespace, fieldRef: { fieldPath: metadata.namespace } }] } }
`,
  hostNetwork: `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: edge-proxy }
spec:
  selector: { matchLabels: { app: edge-proxy } }
  template:
    metadata: { labels: { app: edge-proxy } }
    spec:
      hostNetwork: true
      dnsPolicy: ClusterFirstWithHostNet
      containers:
        - name: yarp
          image: contoso/yarp:2.3
          ports: [{ containerPort: 443, hostPort: 443, protocol: TCP }]
          securityContext: { runAsUser: 1654, runAsGroup: 1654, capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }
`,
  'topology spread, affinity and a priority': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: catalog }
spec:
  replicas: 6
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 } }
  selector: { matchLabels: { app: catalog } }
  template:
    metadata: { labels: { app: catalog } }
    spec:
      priorityClassName: business-critical
      imagePullSecrets: [{ name: registry }]
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: DoNotSchedule
          labelSelector: { matchLabels: { app: catalog } }
          matchLabelKeys: [pod-template-hash]
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm: { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: catalog } } }
      containers:
        - { name: catalog, image: 'contoso/catalog:5', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }
`,
  'envFrom only': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      containers:
        - name: cart
          image: contoso/cart:5
          envFrom: [{ configMapRef: { name: cart-settings } }, { secretRef: { name: cart-secrets, optional: true },
              prefix: SECRET_ }]
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
`,
  'lifecycle hooks': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway }
spec:
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: gateway
          image: contoso/gateway:5
          lifecycle: { postStart: { exec: { command: [/warmup] } }, preStop: { sleep: { seconds: 15 } } }
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
`,
  'startup, readiness and liveness probes': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: slow-start }
spec:
  selector: { matchLabels: { app: slow-start } }
  template:
    metadata: { labels: { app: slow-start } }
    spec:
      containers:
        - name: web
          image: contoso/web:5
          ports: [{ name: http, containerPort: 8080 }]
          startupProbe: { httpGet: { path: /healthz, port: http }, failureThreshold: 30, periodSeconds: 10 }
          readinessProbe: { grpc: { port: 9090 }, periodSeconds: 5 }
          livenessProbe: { httpGet: { path: /livez, port: http }, timeoutSeconds: 2 }
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
`,
  'subPathExpr for the logs of each pod': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: audit }
spec:
  selector: { matchLabels: { app: audit } }
  template:
    metadata: { labels: { app: audit } }
    spec:
      containers:
        - name: audit
          image: contoso/audit:5
          env: [{ name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]
          volumeMounts: [{ name: logs, mountPath: /var/log/audit, subPathExpr: $(POD_NAME) }]
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
      volumes: [{ name: logs, persistentVolumeClaim: { claimName: audit-logs } }]
`,
  'image with a digest': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: pinned }
spec:
  revisionHistoryLimit: 2
  selector: { matchLabels: { app: pinned } }
  template:
    metadata: { labels: { app: pinned } }
    spec:
      containers:
        - name: web
          image: contoso.azurecr.io/web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
          imagePullPolicy: IfNotPresent
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
`,
};
