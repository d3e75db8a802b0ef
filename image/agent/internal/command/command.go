// Package command implements the commands that users run in the sidecar: dump and dumps.
package command

import (
	"fmt"
	"os"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/setting"
)

func complain(command, format string, values ...any) {
	fmt.Fprintln(os.Stderr, event.Printable(fmt.Sprintf(command+": "+format, values...)))
}

// loadPlan returns the plan that the agent accepted.
func loadPlan() (*plan.Plan, error) {
	text, err := os.ReadFile(setting.State("plan.json"))
	if err != nil {
		return nil, fmt.Errorf("found no plan in %s, the agent refused its arguments: run status",
			setting.StateDirectory)
	}
	return plan.Parse(string(text))
}
