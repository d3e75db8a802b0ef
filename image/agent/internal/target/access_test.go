package target

import (
	"strings"
	"testing"
)

func TestYamaKeepsAProcessWithoutTheCapabilityOut(t *testing.T) {
	for _, row := range []struct {
		scope     string
		hasPtrace bool
		expected  string
	}{
		{"", false, ""}, // a kernel without Yama
		{"0", false, ""},
		{"1", false, "unless the program calls prctl(PR_SET_PTRACER): kernel.yama.ptrace_scope of the node is 1"},
		{"1", true, ""},
		{"2", false, "is 2, use TargetAccess.privileged()"},
		{"2", true, ""},
		{"3", false, "restart the node"},
		{"3", true, "restart the node"},
	} {
		problem := ptraceProblem(row.scope, row.hasPtrace)
		if (problem == "") != (row.expected == "") || !strings.Contains(problem, row.expected) {
			t.Errorf("scope %q, SYS_PTRACE %v: %q", row.scope, row.hasPtrace, problem)
		}
	}
}
