// Command procdump-agent is the program of the sidecar:
//
//	procdump-agent run --contract 3 --plan JSON   supervises ProcDump
//	dump, dumps, status                           for people; also as first word of procdump-agent
//	procdump-agent publish NUMBER, sweep          works on the store; started by the agent alone
//	procdump-agent confine PROGRAM WORD...        starts ProcDump so that it cannot attach; started by the agent alone
package main

import (
	"os"
	"path/filepath"

	"cdk8s-procdump/agent/internal/agent"
	"cdk8s-procdump/agent/internal/command"
	"cdk8s-procdump/agent/internal/confine"
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

	confine.Command: confine.Run,
}
