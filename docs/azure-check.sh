#!/usr/bin/env bash
# usage: azure-check.sh TERRAFORM-OUTPUT.json NAMESPACE [TEAM]
#
# Checks after terraform apply and kubectl apply what neither of them checks: the account, its role, the CSI driver, the
# nodes, and a mount from a pod of the namespace. TEAM is one of `teams` of the storage. Needs az and kubectl, signed in.
# Creates one pod and deletes it, and changes nothing else. Exits with the number of checks that failed. IMAGE names
# another image with a shell.
set -uo pipefail

if [[ $# -lt 2 || $# -gt 3 || ! -r $1 ]]; then
  echo 'usage: azure-check.sh TERRAFORM-OUTPUT.json NAMESPACE [TEAM]' >&2
  exit 64
fi
readonly OUTPUTS=$1 NAMESPACE=$2 OF_TEAM=${3:+_$3} IMAGE=${IMAGE:-busybox:1.37} ROLE='Storage File Data SMB MI Admin'
readonly POD=dump-share-check-$$
FAILED=0

ok() { echo "ok      $1"; }
bad() { # CHECK WHAT-TO-DO
  echo "FAILED  $1; $2"
  FAILED=$((FAILED + 1))
}

# terraform output -json indents the name of an output by two spaces, and writes one text or number on a line.
section() { sed -n "/^  \"$1\": {/,/^  }/p" "$OUTPUTS"; }
field() { sed -n 's/^ *"'"$1"'": "\{0,1\}\([^",{]*\)"\{0,1\},\{0,1\}$/\1/p' | head -n 1; }
output() { section "share$OF_TEAM" | field "$1"; }

ACCOUNT=$(output storageAccountName)
GROUP=$(output resourceGroupName)
SHARE=$(output shareName)
AUTHENTICATION=$(output authentication)
CLIENT_ID=$(output clientId)
DRIVER_VERSION=$(output driverVersion)
SUFFIX=$(output storageEndpointSuffix)
SERVICE_ACCOUNT=$(output serviceAccountName)
PRINCIPAL_ID=$(section "principalId$OF_TEAM" | field value)
readonly HOST=$ACCOUNT.file.${SUFFIX:-core.windows.net}
if [[ -z $ACCOUNT ]]; then
  echo "$OUTPUTS has no output share$OF_TEAM; write terraform output -json to it" >&2
  exit 65
fi

check_account() {
  local id count
  if ! id=$(az storage account show -g "$GROUP" -n "$ACCOUNT" --query id -o tsv) || [[ -z $id ]]; then
    bad "account '$ACCOUNT' is not in group '$GROUP'" 'sign in to its subscription: az account set --subscription'
    return
  fi
  ok "account '$ACCOUNT' exists"
  [[ $AUTHENTICATION == *Identity ]] || return
  if [[ $(az rest --method get --url "$id?api-version=2025-06-01" -o tsv --query \
    properties.azureFilesIdentityBasedAuthentication.smbOAuthSettings.isSmbOAuthEnabled) == true ]]; then
    ok 'SMB OAuth is on'
  else
    bad 'SMB OAuth is off, so no identity can mount' \
      "az storage account update -g $GROUP -n $ACCOUNT --enable-smb-oauth true, or repeat terraform apply"
  fi
  count=$(az role assignment list --scope "$id" --assignee "$PRINCIPAL_ID" --role "$ROLE" --query 'length(@)' -o tsv)
  if [[ ${count:-0} -gt 0 ]]; then
    ok "principal '$PRINCIPAL_ID' has the role '$ROLE'"
  else
    bad "principal '$PRINCIPAL_ID' has no role '$ROLE' on the account" 'repeat terraform apply, and wait some minutes'
  fi
}

check_driver() {
  local image version least=$DRIVER_VERSION
  case $AUTHENTICATION in
    WorkloadIdentity) least=${least:-1.35.0} ;;
    ManagedIdentity) least=${least:-1.34.0} ;;
    *) least=${least:-1.30.0} ;;
  esac
  image=$(kubectl get daemonset csi-azurefile-node -n kube-system \
    -o jsonpath='{.spec.template.spec.containers[?(@.name=="azurefile")].image}')
  version=${image##*:}
  version=${version#v}
  version=${version%%-*}
  if [[ -z $version ]]; then
    bad 'the driver of Azure Files is not in the cluster' 'az aks update --enable-file-driver'
  elif [[ $(printf '%s\n' "${least#v}" "$version" | sort -V | head -n 1) == "${least#v}" ]]; then
    ok "the driver is $version, and $least is needed"
  else
    bad "the driver is $version, but $least is needed" 'az aks upgrade'
  fi
}

check_nodes() {
  local set ids
  [[ $AUTHENTICATION == ManagedIdentity ]] || return
  for set in $(kubectl get nodes -o jsonpath='{.items[*].spec.providerID}' | tr ' ' '\n' |
    sed -n 's,^azure://\(.*\)/virtualMachines/[^/]*$,\1,p' | sort -u); do
    ids=$(az vmss show --ids "$set" --query 'identity.userAssignedIdentities.*.clientId' -o tsv)
    if grep -qx "$CLIENT_ID" <<< "$ids"; then
      ok "nodes of '${set##*/}' have identity '$CLIENT_ID'"
    else
      bad "nodes of '${set##*/}' do not have identity '$CLIENT_ID'" \
        "az vmss identity assign --ids $set --identities <id of the identity>, and az vmss update-instances"
    fi
  done
}

claim() {
  local fields='{.spec.csi.volumeHandle}{" "}{.spec.claimRef.namespace}{" "}{.spec.claimRef.name}{"\n"}'
  kubectl get persistentvolumes -o jsonpath="{range .items[*]}$fields{end}" |
    while read -r handle namespace name; do
      if [[ $handle == *"#$ACCOUNT#$SHARE#"* && $namespace == "$NAMESPACE" ]]; then echo "$name"; fi
    done | head -n 1
}

pod() { # CLAIM
  cat << YAML
apiVersion: v1
kind: Pod
metadata: { name: $POD, namespace: $NAMESPACE }
spec:
  restartPolicy: Never
  serviceAccountName: ${SERVICE_ACCOUNT:-default}
  securityContext: { runAsNonRoot: true, runAsUser: 1654, runAsGroup: 1654, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: check
      image: $IMAGE
      command: [sh, -c, 'nslookup $HOST; touch /dumps/.$POD && rm /dumps/.$POD && echo written']
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      volumeMounts: [{ name: dumps, mountPath: /dumps }]
  volumes:
    - name: dumps
      persistentVolumeClaim: { claimName: $1 }
YAML
}

check_mount() {
  local name log
  name=$(claim)
  if [[ -z $name ]]; then
    bad "namespace '$NAMESPACE' has no volume of share '$SHARE'" 'kubectl apply the manifests'
    return
  fi
  pod "$name" | kubectl apply -f - > /dev/null
  kubectl wait "pod/$POD" -n "$NAMESPACE" --for=jsonpath='{.status.phase}'=Succeeded --timeout=180s > /dev/null 2>&1
  log=$(kubectl logs "$POD" -n "$NAMESPACE" 2>&1)
  if grep -Eq 'Address[^:]*: *(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)[0-9.]+$' <<< "$log"; then
    ok "a pod resolves '$HOST' to a private address"
  else
    bad "a pod does not resolve '$HOST' to a private address" \
      'link the zone privatelink.file to the virtual network of the nodes (right with subnets instead of an endpoint)'
  fi
  if grep -q '^written$' <<< "$log"; then
    ok "a pod mounts claim '$name' and writes"
  else
    bad "a pod cannot write on claim '$name': $(tail -n 1 <<< "$log")" \
      "kubectl describe pod $POD -n $NAMESPACE before it is deleted, and azure-troubleshooting.md"
    kubectl get events -n "$NAMESPACE" --field-selector "involvedObject.name=$POD" \
      -o jsonpath='{range .items[*]}{.message}{"\n"}{end}' | sed 's/^/        /'
  fi
  kubectl delete pod "$POD" -n "$NAMESPACE" --wait=false > /dev/null
}

check_account
check_driver
check_nodes
check_mount
exit "$FAILED"
