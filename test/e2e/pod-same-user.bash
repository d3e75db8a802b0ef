# shellcheck shell=bash
# A native process and its sidecar, both as user 1654 without capabilities. The image's loader hides the sidecar's
# processes from the application and from each other, so the agent must distinguish its own processes from the target's
# without reading them.

readonly SAME=same-pod-0-procdump SAME_APP=same-pod-0-same
readonly EXECS=60

# Yama forbids ptrace of processes that are not children.
allows_same_user() {
  [[ ! -e /proc/sys/kernel/yama/ptrace_scope || $(</proc/sys/kernel/yama/ptrace_scope) == 0 ]]
}

prove_same_user_pod() {
  allows_same_user || { leave_out 'a native process and a sidecar of its user: kernel.yama.ptrace_scope is above 0 here'; return 0; }
  play same
  check 'same user: the agent finds the target' eventually 20 logged "$SAME" target-found '"process":"sleep"'
  check 'same user: sidecar and application have one user and no capability' have_one_user
  check 'same user: dump prints the path in the store, and exits 0' dump_on_demand "$SAME"
  check 'same user: the dump is a whole core' is_whole_core "$(in_store same "$DUMP")"
  check 'same user: the application reaches nothing of the agent' is_kept_out "$SAME_APP" procdump-agent
  execute_often
  check "same user: $EXECS commands in both containers do not cost the agent its target" not happened "$SAME" target-lost 1
  check 'same user: and the agent has found one target only' found_once
}

have_one_user() {
  has_identity "$SAME" '1654 1654 0000000000000000 1 2' && has_identity "$SAME_APP" '1654 1654 0000000000000000 1 2'
}

execute_often() {
  local i
  for ((i = 0; i < EXECS; i++)); do
    podman exec "$SAME_APP" true
    podman exec "$SAME" true
  done
}

found_once() {
  (($(count_events "$SAME" target-found) == 1))
}
