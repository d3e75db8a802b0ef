// Command procdump-agent is the program of the sidecar:
//
//	procdump-agent run --contract 3 --plan JSON   supervises ProcDump
//	dump, dumps, status                           are for users; also as first argument of procdump-agent
//	procdump-agent publish NUMBER, sweep          work on the store; only the agent starts them
package main

import (
	"os"
	"path/filepath"

	"cdk8s-procdump/agent/internal/agent"
	"cdk8s-procdump/agent/internal/command"
)

func main() {
	name, words := filepath.Base(os.Args[0]), os.Args[1:]
	if known := commands[name]; known == nil && len(words) > 0 && commands[words[0]] != nil {
		name, words = words[0], words[1:]
	}
	if run := commands[name]; run != nil {
		os.Exit(run(words))
	}
	agent.Run(words)
}

var commands = map[string]func([]string) int{
	"dump":    command.Dump,
	"dumps":   command.Dumps,
	"status":  agent.PrintStatus,
	"publish": agent.Publish,
	"sweep":   agent.Sweep,
}
