/**
 * Pods that run to completion, pods alone, hooks, and what is no pod at all. By name of the shape: one YAML document.
 */
export const OTHERS: { [shape: string]: string } = {
  'Job with OnFailure and a time to live': `
apiVersion: batch/v1
kind: Job
metadata: { name: import }
spec:
  ttlSecondsAfterFinished: 300
  backoffLimit: 4
  activeDeadlineSeconds: 3600
  template:
    metadata: { labels: { job: import } }
    spec:
      restartPolicy: OnFailure
      containers:
        - { name: import, image: 'contoso/import:1', args: [--all], securityContext: { runAsUser: 1654,
              runAsGroup: 1654 } }
`,
  'indexed Job with an Istio proxy as a native sidecar': `
apiVersion: batch/v1
kind: Job
metadata: { name: shards }
spec:
  completionMode: Indexed
  completions: 8
  parallelism: 4
  podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget, status: 'True' }] }] }
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - { name: istio-proxy, image: 'docker.io/istio/proxyv2:1.27.0', restartPolicy: Always,
              securityContext: { runAsUser: 1337 } }
        - { name: fetch, image: 'contoso/fetch:1' }
      containers: [{ name: shard, image: 'contoso/shard:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`,
  'Job with generateName': `
apiVersion: batch/v1
kind: Job
metadata: { generateName: report- }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: report, image: 'contoso/report:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`,
  CronJob: `
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: batch }
spec:
  schedule: '0 3 * * *'
  timeZone: Europe/Berlin
  concurrencyPolicy: Forbid
  successfulJobsHistoryLimit: 1
  jobTemplate:
    metadata: { labels: { app: nightly } }
    spec:
      backoffLimit: 0
      template:
        metadata: { labels: { app: nightly } }
        spec:
          restartPolicy: Never
          containers: [{ name: nightly, image: 'contoso/nightly:1', securityContext: { runAsUser: 1654,
              runAsGroup: 1654 } }]
`,
  'Pod without a controller': `
apiVersion: v1
kind: Pod
metadata: { name: toolbox, labels: { app: toolbox } }
spec:
  nodeName: node-1
  containers: [{ name: toolbox, image: 'contoso/toolbox:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 },
      stdin: true, tty: true }]
`,
  'Pod that runs once': `
apiVersion: v1
kind: Pod
metadata: { name: migrate }
spec:
  restartPolicy: Never
  containers: [{ name: migrate, image: 'contoso/migrate:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }]
`,
  'Helm hook Job': `
apiVersion: batch/v1
kind: Job
metadata:
  name: shop-migrations
  annotations: { helm.sh/hook: 'pre-install,pre-upgrade', helm.sh/hook-weight: '-5',
      helm.sh/hook-delete-policy: before-hook-creation }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: migrate, image: 'contoso/migrate:1', securityContext: { runAsUser: 1654,
          runAsGroup: 1654 } }]
`,
  'Helm test Pod': `
apiVersion: v1
kind: Pod
metadata: { name: shop-test-connection, annotations: { helm.sh/hook: test } }
spec:
  restartPolicy: Never
  containers: [{ name: wget, image: busybox, command: [wget], args: ['shop:80'] }]
`,
  'annotation that opts out': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: quiet }
spec:
  selector: { matchLabels: { app: quiet } }
  template:
    metadata: { labels: { app: quiet }, annotations: { cdk8s-procdump/inject: 'false' } }
    spec:
      containers: [{ name: quiet, image: 'contoso/quiet:1' }]
`,
  'annotation that opts out, as a boolean': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: quiet }
spec:
  selector: { matchLabels: { app: quiet } }
  template:
    metadata: { labels: { app: quiet }, annotations: { cdk8s-procdump/inject: false } }
    spec:
      containers: [{ name: quiet, image: 'contoso/quiet:1' }]
`,
  'Deployment of an API group that is gone': `
apiVersion: extensions/v1beta1
kind: Deployment
metadata: { name: legacy }
spec:
  template:
    metadata: { labels: { app: legacy } }
    spec:
      containers: [{ name: legacy, image: 'contoso/legacy:1' }]
`,

  'empty fields as Helm charts leave them': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: chart-made, annotations: }
spec:
  selector: { matchLabels: { app: chart-made } }
  template:
    metadata: { labels: { app: chart-made }, annotations: }
    spec:
      securityContext: {}
      initContainers: []
      nodeSelector: {}
      volumes:
      containers:
        - name: web
          image: contoso/web:5
          env:
          volumeMounts: []
          resources: {}
          securityContext: { runAsUser: 1654, runAsGroup: 1654 }
`,
};
